// Reports that were finished here: each with its versions, where it stands, and what the desk did.
import { readBody } from "../report/report.ts";
import { all, get } from "./database.ts";
import type { Kept, Outcome, Waiting } from "./nouns.ts";

/** A finished report, as its newest version says. */
export interface Sent {
  /** The report: the id of its first version. */
  id: string;
  /** The newest version: what a correction names. */
  newest: string;
  versions: number;
  checklist: string;
  version: string;
  station: string;
  round: string;
  contest: string | null;
  firstAt: string;
  /** The newest version's envelope and answers; null where the phone no longer has them. */
  said: { envelope: Record<string, unknown>; answers: Record<string, unknown> } | null;
  /** The newest version, while it is on this phone only. */
  waiting: Waiting | null;
  /** The newest version that has its receipt. */
  kept: Kept | null;
  outcome: Outcome | null;
  /** Whether the observer could not enter, or not stay. */
  keptOut: boolean;
  /** Whether the desk left it out of every figure. */
  excluded: boolean;
  /** Whether another phone sent it, or this one before it was set up anew. */
  elsewhere: boolean;
}

/** What was said at the door where nobody could observe. */
const KEPT_OUT = new Set(["denied", "sent_out", "closed", "unsafe"]);
/** Until the desk has decided on it, a correction of a decided report is no version of it. */
const waitsForDesk = (kept: Kept) => kept.status === 202 && kept.reasons.some((each) => each.field === "replaces");

interface Version {
  id: string;
  at: string;
  waiting: Waiting | null;
  kept: Kept | null;
}

/** The observer's finished reports, in no order: those of this phone, and those that the server has from others. */
export function sentReports(waiting: Waiting[], kept: Kept[], outcomes: Outcome[]): Sent[] {
  const reports = new Map<string, Version[]>();
  const add = (report: string, version: Version) => reports.set(report, [...(reports.get(report) ?? []), version]);
  for (const each of waiting) add(each.corrects ?? each.id, { id: each.id, at: each.finalisedAt, waiting: each, kept: null });
  for (const each of kept) add(each.corrects ?? each.receipt.id, { id: each.receipt.id, at: each.finalisedAt, waiting: null, kept: each });
  for (const each of outcomes.filter(({ id, checklist }) => checklist && !reports.has(id))) add(each.id, { id: each.id, at: each.received_at, waiting: null, kept: fromElsewhere(each) });
  return [...reports].map(([id, versions]) => reportOf(id, versions, outcomes.find((each) => each.id === id) ?? null));
}

/** A report of which the phone knows that it was received, and no more. */
const fromElsewhere = ({ id, round, checklist, station, received_at }: Outcome): Kept => ({
  receipt: { id, sha256: "", received_at, sequence: 0, signature: "" },
  status: 200, reasons: [], round: round ?? "", checklist, station: station ?? "", finalisedAt: received_at, elsewhere: true,
});

/** What has arrived in the order in which it was received, what waits as it was finished: no clock of a phone says it. */
function placeOf({ waiting, kept }: Version): number {
  if (kept) return kept.receipt.sequence;
  const device = waiting?.body ? readBody(waiting.body)?.envelope.device : undefined;
  return Number((device as { sequence?: number } | undefined)?.sequence ?? 0);
}

function reportOf(id: string, versions: Version[], outcome: Outcome | null): Sent {
  const sorted = versions.sort((a, b) => Number(a.kept === null) - Number(b.kept === null) || placeOf(a) - placeOf(b));
  const last = sorted.at(-1)!;
  const first = sorted[0]!;
  const about = (last.waiting ?? last.kept)!;
  const said = about.body ? readBody(about.body) : null;
  const text = (name: string) => (typeof said?.envelope[name] === "string" ? (said.envelope[name] as string) : null);
  return {
    id,
    newest: newestOf(sorted, outcome),
    versions: sorted.length,
    checklist: about.checklist,
    version: text("version") ?? "",
    station: (knows(outcome, last.id) && outcome?.station) || about.station,
    round: about.round,
    contest: text("contest") ?? outcome?.contest ?? null,
    firstAt: first.at,
    said,
    waiting: last.waiting,
    kept: sorted.findLast((each) => each.kept)?.kept ?? null,
    outcome,
    keptOut: about.checklist === "access_denied" && (said === null || KEPT_OUT.has(String(said.answers.access ?? "denied"))),
    excluded: outcome?.status === "quarantined",
    elsewhere: last.kept?.elsewhere === true,
  };
}

/** The version that a correction corrects: what this phone sent last, unless another phone sent one since. */
function newestOf(versions: Version[], outcome: Outcome | null): string {
  const own = versions.filter((each) => (each.waiting ? each.waiting.refused === null : !waitsForDesk(each.kept!)));
  const last = own.at(-1) ?? versions.at(-1)!;
  return (knows(outcome, last.id) && outcome?.ids.at(-1)) || last.id;
}

/** Whether what the desk said was said after it had this version. */
const knows = (outcome: Outcome | null, id: string) => outcome !== null && (outcome.id === id || outcome.ids.includes(id));

/** A finished report by the id of any of its versions. */
export async function readSent(id: string): Promise<Sent | undefined> {
  const [waiting, kept, outcomes] = await Promise.all([
    all<Waiting>("outbox"),
    all<Kept>("receipts"),
    get<Outcome[]>("self", "outcomes"),
  ]);
  return sentReports(waiting, kept, outcomes ?? []).find((each) => each.id === id);
}
