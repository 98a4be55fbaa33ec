// The observer's day: stations, visits, and how far each report due has come.
import { all, get } from "./database.ts";
import { sentReports, type Sent } from "./sent.ts";
import { isUrgent, URGENT } from "./urgent.ts";
import type { Checklist, Deployment, Draft, Kept, Me, Outcome, Station, Visit, Waiting } from "./nouns.ts";

interface Contest {
  code: string;
  name: string;
}

/** Reports of one checklist that are due at a place; of a protocol, of one contest. */
export interface Due {
  checklist: string;
  /** Where several contests are voted on there, the one that this is of. */
  contest: Contest | null;
  expected: number;
  drafts: Draft[];
  sent: Sent[];
}

/** A place of the day. `station` is null for a team that chooses its stations on the way. */
export interface Stop {
  station: Station | null;
  deployment: Deployment;
  visit: Visit | null;
  due: Due[];
  /** A report that the door stayed shut: nothing more is due there. */
  denied: Sent | null;
  /** What the desk left out of every figure: it is shown, and does not count as done. */
  excluded: Sent[];
}

export interface Day {
  me: Me | undefined;
  taken: boolean;
  titles: Record<string, Record<string, string>>;
  /** The urgent checklists that the mission has. */
  urgent: string[];
  stops: Stop[];
  /** What was sent that could not wait, newest first. */
  alarms: Sent[];
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
  sent: Sent[];
}

/** Whether more of it is expected than was finished. */
export const isDue = (due: Due) => due.sent.length < due.expected;
export const isHere = ({ visit }: Stop) => visit !== null && visit.departedAt === null;

/** Whether nothing more is to be done at a stop: all that is due is finished, or the door stayed shut. */
export function isDone(stop: Stop): boolean {
  if (isHere(stop) || stop.due.some((due) => due.drafts.length > 0)) return false;
  return stop.denied !== null || (stop.due.length > 0 && !stop.due.some(isDue));
}

type Newest = Record<string, string> | undefined;
const urgentIn = (newest: Newest) => Object.keys(URGENT).filter((name) => newest?.[name] !== undefined);

/** The urgent checklists that the mission has. */
export const readUrgent = async () => urgentIn(await get<Newest>("self", "newest"));

export async function readDay(): Promise<Day> {
  const [me, planned, newest, checklists, visited, drafts, waiting, kept, outcomes] = await Promise.all([
    get<Me>("self", "me"),
    get<Deployment[]>("self", "deployments"),
    get<Record<string, string>>("self", "newest"),
    all<Checklist>("checklists"),
    all<Visit>("visits"),
    all<Draft>("drafts").then((every) => every.filter((each) => !each.untouched)),
    all<Waiting>("outbox"),
    all<Kept>("receipts"),
    get<Outcome[]>("self", "outcomes"),
  ]);
  const titles = Object.fromEntries(checklists.map((each) => [each.name, each.title]));
  const perContest = new Set(
    checklists.filter((each) => each.per === "contest" && newest?.[each.name] === each.version).map((each) => each.name),
  );
  const sent = sentReports(waiting, kept, outcomes ?? []);
  const deployments = planned ?? [];
  const visits = visited.map((each) => ofThePlan(each, deployments));
  const held = { newest: Object.keys(newest ?? {}), perContest, visits, drafts, sent };
  const listed = deployments.flatMap((deployment) => stopsOf(deployment, held));
  const stops = [...listed, ...stopsElsewhere(listed, deployments, held)];
  const alarms = sent.filter((each) => isUrgent(each.checklist)).sort((a, b) => b.firstAt.localeCompare(a.firstAt));
  return { me, taken: me !== undefined, titles, urgent: urgentIn(newest), stops, alarms, drafts, waiting, kept };
}

/** A visit that no deployment has any more, or that never had one, stands with one of its round. */
function ofThePlan(visit: Visit, deployments: Deployment[]): Visit {
  if (deployments.some((each) => each.id === visit.deployment)) return visit;
  const near = deployments.find((each) => each.round === visit.round) ?? deployments[0];
  return near ? { ...visit, deployment: near.id } : visit;
}

/** The station that a team is sent to, and every other that it came to; those that choose theirs come to the next. */
function stopsOf(deployment: Deployment, held: Held): Stop[] {
  const own = deployment.station;
  const visited = held.visits.filter((each) => each.deployment === deployment.id).map((each) => each.station);
  const codes = new Set(visited.filter((code) => code !== own?.code));
  const others = [...codes].map((code) => stop(deployment, unlisted(code), held));
  if (own) return [stop(deployment, own, held), ...others];
  return [...others, { station: null, deployment, visit: null, due: [], denied: null, excluded: [] }];
}

/** Stations of which something was sent, such as by a correction, and where nobody is sent: with that alone. */
function stopsElsewhere(listed: Stop[], deployments: Deployment[], held: Held): Stop[] {
  const shown = new Set(["", ...listed.flatMap((each) => each.station?.code ?? [])]);
  const others = held.sent.filter((each) => !isUrgent(each.checklist) && !shown.has(each.station));
  return [...new Map(others.map((each) => [each.station, each.round]))].flatMap(([code, round]) => {
    const deployment = deployments.find((each) => each.round === round);
    if (!deployment) return [];
    const there = stop(deployment, unlisted(code), held);
    const due = there.due.filter((each) => each.sent.length > 0);
    return [{ ...there, due: due.map((each) => ({ ...each, expected: Math.min(each.expected, each.sent.length) })) }];
  });
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
  const drafts = held.drafts.filter(
    (each) => each.station.code === station.code && each.deployment.round === deployment.round && !each.corrects,
  );
  const there = held.sent.filter((each) => each.station === station.code && (each.round === deployment.round || !each.round));
  const sent = there.filter((each) => !each.excluded);
  const excluded = there.filter((each) => each.excluded && !isUrgent(each.checklist));
  const planned = Object.keys(deployment.expected).filter((name) => held.newest.includes(name));
  const usual = held.newest.filter((name) => !isUrgent(name));
  const due = (planned.length > 0 ? planned : usual).flatMap((checklist) => {
    const contests = held.perContest.has(checklist) ? (deployment.contests ?? []) : [];
    const expected = deployment.expected[checklist] ?? 1;
    const own = { drafts: drafts.filter((each) => each.checklist === checklist), sent: sent.filter((each) => each.checklist === checklist) };
    return contests.length > 1 ? perContestOf(contests, { checklist, expected, ...own }) : [{ checklist, contest: null, expected, ...own }];
  });
  const denied = sent.find((each) => each.keptOut && !there.some((other) => isAfter(other, each))) ?? null;
  return { station, deployment, visit: visits.sort((a, b) => b.arrivedAt.localeCompare(a.arrivedAt))[0] ?? null, due, denied, excluded };
}

/** Whether something was observed after a door had stayed shut: then what is due there is due again. */
const isAfter = (report: Sent, denied: Sent) => !isUrgent(report.checklist) && report.firstAt > denied.firstAt;

/** One of each contest; a report that does not say its contest stands with the first. */
function perContestOf(contests: Contest[], all: Omit<Due, "contest">): Due[] {
  const codes = new Set(contests.map((each) => each.code));
  const isOf = (said: string | null | undefined, contest: Contest, place: number) =>
    said === contest.code || (place === 0 && !codes.has(said ?? ""));
  return contests.map((contest, place) => ({
    ...all,
    contest,
    drafts: all.drafts.filter((each) => isOf(each.contest, contest, place)),
    sent: all.sent.filter((each) => isOf(each.contest, contest, place)),
  }));
}
