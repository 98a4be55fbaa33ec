// The observer's day: stations, visits, and how far each report due has come.
import { all, get } from "./database.ts";
import { isUrgent, URGENT } from "./urgent.ts";
import type { Checklist, Deployment, Draft, Kept, Me, Station, Visit, Waiting } from "./nouns.ts";

export interface Due {
  checklist: string;
  expected: number;
  drafts: Draft[];
  waiting: Waiting[];
  kept: Kept[];
}

/** A place of the day. `station` is null for a team that chooses its stations on the way. */
export interface Stop {
  station: Station | null;
  deployment: Deployment;
  visit: Visit | null;
  due: Due[];
}

export interface Day {
  me: Me | undefined;
  taken: boolean;
  titles: Record<string, Record<string, string>>;
  /** The urgent checklists that the mission has. */
  urgent: string[];
  stops: Stop[];
  drafts: Draft[];
  waiting: Waiting[];
  kept: Kept[];
}

interface Held {
  newest: string[];
  /** Checklists of which each contest has a report of its own. */
  perContest: Set<string>;
  visits: Visit[];
  drafts: Draft[];
  waiting: Waiting[];
  kept: Kept[];
}

/** Whether more of it is expected than was finished. */
export const isDue = (due: Due) => due.waiting.length + due.kept.length < due.expected;

type Newest = Record<string, string> | undefined;
const urgentIn = (newest: Newest) => Object.keys(URGENT).filter((name) => newest?.[name] !== undefined);

/** The urgent checklists that the mission has. */
export const readUrgent = async () => urgentIn(await get<Newest>("self", "newest"));

export async function readDay(): Promise<Day> {
  const [me, deployments, newest, checklists, visits, drafts, waiting, kept] = await Promise.all([
    get<Me>("self", "me"),
    get<Deployment[]>("self", "deployments"),
    get<Record<string, string>>("self", "newest"),
    all<Checklist>("checklists"),
    all<Visit>("visits"),
    all<Draft>("drafts").then((every) => every.filter((each) => !each.untouched)),
    all<Waiting>("outbox"),
    all<Kept>("receipts"),
  ]);
  const titles = Object.fromEntries(checklists.map((each) => [each.name, each.title]));
  const perContest = new Set(
    checklists.filter((each) => each.per === "contest" && newest?.[each.name] === each.version).map((each) => each.name),
  );
  const held = { newest: Object.keys(newest ?? {}), perContest, visits, drafts, waiting, kept };
  const stops = (deployments ?? []).flatMap((deployment) => stopsOf(deployment, held));
  return { me, taken: me !== undefined, titles, urgent: urgentIn(newest), stops, drafts, waiting, kept };
}

/** One stop for a team sent to a station; for others every station they came to, and the next. */
function stopsOf(deployment: Deployment, held: Held): Stop[] {
  if (deployment.station) return [stop(deployment, deployment.station, held)];
  const codes = new Set(held.visits.filter((each) => each.deployment === deployment.id).map((each) => each.station));
  const open = { station: null, deployment, visit: null, due: [] };
  return [...[...codes].map((code) => stop(deployment, unlisted(code), held)), open];
}

/** A station known by its code alone. The server places it. */
export function unlisted(code: string): Station {
  return { code, name: "", address: "", area: null, registered_voters: null };
}

/** How many are due by the plan; of a protocol so many for each contest that is voted on there. */
export function expectedOf(deployment: Deployment, checklist: string, perContest: boolean): number {
  const contests = perContest ? (deployment.contests?.length ?? 0) : 0;
  return (deployment.expected[checklist] ?? 1) * Math.max(1, contests);
}

function stop(deployment: Deployment, station: Station, held: Held): Stop {
  const visits = held.visits.filter((each) => each.deployment === deployment.id && each.station === station.code);
  const here = (each: { checklist: string; station: string; round: string }) =>
    each.station === station.code && each.round === deployment.round;
  const drafts = held.drafts.filter(
    (each) => each.station.code === station.code && each.deployment.round === deployment.round,
  );
  const planned = Object.keys(deployment.expected).filter((name) => held.newest.includes(name));
  const usual = held.newest.filter((name) => !isUrgent(name));
  const due = (planned.length > 0 ? planned : usual).map((checklist) => ({
    checklist,
    expected: expectedOf(deployment, checklist, held.perContest.has(checklist)),
    drafts: drafts.filter((each) => each.checklist === checklist),
    waiting: held.waiting.filter((each) => here(each) && each.checklist === checklist),
    kept: held.kept.filter((each) => here(each) && each.checklist === checklist),
  }));
  return { station, deployment, visit: visits.sort((a, b) => b.arrivedAt.localeCompare(a.arrivedAt))[0] ?? null, due };
}
