// What cannot wait: a critical incident, and a door that stayed shut.

/** The checklists that are sent before all others, and the questions that come first in them. */
export const URGENT: Readonly<Record<string, readonly string[]>> = {
  incident: ["nature", "danger"],
  access_denied: ["access", "refused_by"],
};

export const isUrgent = (checklist: string) => checklist in URGENT;
