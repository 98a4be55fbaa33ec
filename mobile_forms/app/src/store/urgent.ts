// What cannot wait: a critical incident, and a door that stayed shut.
import type { Draft } from "./nouns.ts";

/** The checklists that are sent before all others, and the questions that are asked first in them. */
export const URGENT: Readonly<Record<string, readonly string[]>> = {
  incident: ["nature", "danger"],
  access_denied: ["refused_by", "access"],
};

/** Whether a draft is one of the screen of few taps; details that are added later are a form as any other. */
export const isQuick = (draft: Draft) => isUrgent(draft.checklist) && !draft.corrects;

export const isUrgent = (checklist: string) => checklist in URGENT;
