// A report as it is sent: the envelope from the app's own screens, the answers from the form.
import type { Draft, Me, Visit } from "../store/nouns.ts";

export type Answer = string | number | string[] | Record<string, unknown>[];
export type Answers = Record<string, Answer>;

export interface Device {
  id: string;
  sequence: number;
}

/** The report's bytes as text. They are made once and never again. */
export function makeReport(
  draft: Draft,
  visit: Visit,
  me: Me,
  device: Device,
  answers: Answers,
  finalisedAt: string,
): string {
  return JSON.stringify({
    id: draft.id,
    checklist: draft.checklist,
    version: draft.version,
    round: draft.deployment.round,
    ...whereOf(draft),
    observer: me.pseudonym,
    with: draft.deployment.with.filter((each) => each !== me.pseudonym),
    visit: visit.id,
    arrived_at: visit.arrivedAt,
    ...(visit.departedAt ? { departed_at: visit.departedAt } : {}),
    finalised_at: finalisedAt,
    ...(visit.position ? { position: visit.position } : {}),
    device,
    answers,
  });
}

/** A station by its code. A team at a counting centre that no list names gives it in words. */
function whereOf({ deployment, station }: Draft): Record<string, unknown> {
  const elsewhere = deployment.kind === "centre" && deployment.station === null;
  return elsewhere ? { place: { kind: "counting_centre", text: station.code } } : { station: station.code };
}
