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
  contest: string | null = null,
): string {
  const round = roundOf(draft, visit);
  return JSON.stringify({
    id: draft.id,
    checklist: draft.checklist,
    version: draft.version,
    ...(round ? { round } : {}),
    ...(contest ? { contest } : {}),
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

/** The round of the visit's arrival; of one that was stored without, that of its plan. Where neither
 * names one, the server takes the round that was open then. */
export const roundOf = (draft: Draft, visit: Visit) => visit.round || draft.deployment.round;

/** A station by its code. A team at a counting centre that no list names gives it in words. */
function whereOf({ deployment, station }: Draft): Record<string, unknown> {
  const elsewhere = deployment.kind === "centre" && deployment.station === null;
  return elsewhere ? { place: { kind: "counting_centre", text: station.code } } : { station: station.code };
}
