// A report as it is sent: the envelope from the app's own screens, the answers from the form.
import type { Draft, Kept, Me, Outcome, Receipt, Visit } from "../store/nouns.ts";

export type Answer = string | number | string[] | Record<string, unknown>[];
export type Answers = Record<string, Answer>;

export interface Device {
  id: string;
  sequence: number;
}

/** The report's bytes as text. They are made once and never again. */
export function makeReport(
  draft: Draft,
  visit: Visit | undefined,
  me: Me,
  device: Device,
  answers: Answers,
  finalisedAt: string,
  contest: string | null = null,
): string {
  if (draft.corrects) return makeCorrection(draft, device, answers, finalisedAt, contest);
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
    ...visitOf(draft, visit),
    finalised_at: finalisedAt,
    device,
    answers,
  });
}

/** The next version of a report: what was sent before, with other answers. A photo that the phone no longer has
 * stays the answer that it was. */
function makeCorrection(draft: Draft, device: Device, answers: Answers, finalisedAt: string, contest: string | null): string {
  const { replaces, envelope, reason } = draft.corrects!;
  return correctionOf(envelope, { id: draft.id, replaces, reason, version: draft.version, device, finalisedAt }, answers, contest ? { contest } : {});
}

interface Sending {
  id: string;
  replaces: string;
  reason: string;
  version?: string;
  device: Device;
  finalisedAt: string;
}

/** The bytes of a next version; `changed` are the members that it says otherwise, null is no longer said. */
export function correctionOf(
  envelope: Record<string, unknown>,
  sending: Sending,
  answers: Record<string, unknown>,
  changed: Record<string, unknown> = {},
): string {
  const { id, replaces, reason, version, device, finalisedAt } = sending;
  const said = { ...envelope, ...changed };
  const members = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
  return JSON.stringify({
    ...members,
    id,
    replaces,
    ...(version ? { version } : {}),
    ...(reason ? { reason } : {}),
    finalised_at: finalisedAt,
    device,
    answers,
  });
}

/** The envelope of a body, and its answers; null where it cannot be read: the day opens all the same. */
export function readBody(body: string): { envelope: Record<string, unknown>; answers: Record<string, unknown> } | null {
  try {
    const { answers, replaces: _, reason: __, ...envelope } = JSON.parse(body) as Record<string, unknown>;
    return { envelope, answers: (answers ?? {}) as Record<string, unknown> };
  } catch {
    return null;
  }
}

/** What differs between two versions that were made of one at the same moment. */
const OF_ITS_MAKING = ["id", "finalised_at", "device", "visit"];

/** Whether two bodies say the same of the same place, whichever was made first. */
export function saysTheSame(one: string, other: string): boolean {
  const said = [one, other].map((body) => {
    const { envelope, answers } = readBody(body) ?? { envelope: { unread: body }, answers: {} };
    const members = Object.entries(envelope).filter(([name]) => !OF_ITS_MAKING.includes(name));
    return JSON.stringify([members.sort(), Object.entries(answers).sort()]);
  });
  return said[0] === said[1];
}

/** A report as the server shows it to its observer. */
export interface Shown extends Record<string, unknown> {
  id: string;
  checklist: string;
  receipt: Receipt;
  answers: Record<string, unknown>;
}

const MEMBERS = [
  "checklist", "version", "round", "contest", "station", "place", "observer", "with", "visit", "arrived_at", "departed_at",
  "finalised_at", "position", "answers", "observed",
];

/** A report that was sent from elsewhere, as if it had been sent from here. */
export function keptOf(shown: Shown, outcome: Outcome | undefined): Kept {
  const members = MEMBERS.filter((name) => shown[name] !== undefined && shown[name] !== null);
  const body = Object.fromEntries([["id", outcome?.ids.at(-1) ?? shown.id], ...members.map((name) => [name, shown[name]])]);
  const text = (name: string) => (typeof shown[name] === "string" ? (shown[name] as string) : "");
  return {
    receipt: shown.receipt,
    status: 200,
    reasons: [],
    round: text("round"),
    checklist: shown.checklist,
    station: outcome?.station ?? text("station"),
    finalisedAt: text("finalised_at") || shown.receipt.received_at,
    body: JSON.stringify(body),
  };
}

/** The visit; of what happened before any arrival, when that was and where the phone was. */
function visitOf({ noticed }: Draft, visit: Visit | undefined): Record<string, unknown> {
  const position = visit ? visit.position : noticed?.position;
  return {
    ...(visit ? { visit: visit.id } : {}),
    ...(visit ?? noticed ? { arrived_at: visit?.arrivedAt ?? noticed!.at } : {}),
    ...(visit?.departedAt ? { departed_at: visit.departedAt } : {}),
    ...(position ? { position } : {}),
  };
}

/** The round of the visit's arrival; of one that was stored without, that of its plan. Where neither
 * names one, the server takes the round that was open then. */
export const roundOf = (draft: Draft, visit: Visit | undefined) => visit?.round || draft.deployment.round;

/** A station by its code; nothing where none was said. A team at a counting centre that no list names gives it in words. */
export function whereOf({ deployment, station }: Pick<Draft, "deployment" | "station">): Record<string, unknown> {
  if (station.code === "") return {};
  const elsewhere = deployment.kind === "centre" && deployment.station === null;
  return elsewhere ? { place: { kind: "counting_centre", text: station.code } } : { station: station.code };
}
