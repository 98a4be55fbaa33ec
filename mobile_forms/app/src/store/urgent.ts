// What cannot wait: a critical incident, and a door that stayed shut.

/** The checklists that are sent before all others, and the questions that are asked first in them. */
export const URGENT: Readonly<Record<string, readonly string[]>> = {
  incident: ["nature", "danger"],
  access_denied: ["refused_by", "access"],
};

export const isUrgent = (checklist: string) => checklist in URGENT;
