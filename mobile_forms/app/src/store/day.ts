// The observer's day: stations, visits, and how far each report due has come.
import { all, get, put, together } from "./database.ts";
import type { Checklist, Deployment, Draft, Kept, Me, Photo, Station, Visit, Waiting } from "./nouns.ts";
import { ENGINE } from "../form/engine.ts";
import { newId } from "../report/identity.ts";
import { key } from "../sync/take.ts";

export interface Due {
  checklist: string;
  expected: number;
  drafts: Draft[];
  waiting: Waiting[];
  kept: Kept[];
}

export interface Stop {
  station: Station;
  deployment: Deployment;
  visit: Visit | null;
  due: Due[];
}

export interface Day {
  me: Me | undefined;
  titles: Record<string, Record<string, string>>;
  stops: Stop[];
  drafts: Draft[];
  waiting: Waiting[];
  kept: Kept[];
}

export async function readDay(): Promise<Day> {
  const [me, deployments, checklists, visits, drafts, waiting, kept] = await Promise.all([
    get<Me>("self", "me"),
    get<Deployment[]>("self", "deployments"),
    all<Checklist>("checklists"),
    all<Visit>("visits"),
    all<Draft>("drafts"),
    all<Waiting>("outbox"),
    all<Kept>("receipts"),
  ]);
  const titles = Object.fromEntries(checklists.map((each) => [each.name, each.title]));
  const stops = (deployments ?? []).flatMap((deployment) =>
    deployment.station ? [stop(deployment, deployment.station, visits, drafts, waiting, kept)] : [],
  );
  return { me, titles, stops, drafts, waiting, kept };
}

function stop(
  deployment: Deployment,
  station: Station,
  visits: Visit[],
  drafts: Draft[],
  waiting: Waiting[],
  kept: Kept[],
): Stop {
  const here = visits.filter((each) => each.deployment === deployment.id);
  const due = Object.entries(deployment.expected).map(([checklist, expected]) => ({
    checklist,
    expected,
    drafts: drafts.filter((each) => each.checklist === checklist && each.station.code === station.code),
    waiting: waiting.filter((each) => each.checklist === checklist && each.station === station.code),
    kept: kept.filter((each) => each.checklist === checklist && each.station === station.code),
  }));
  return { station, deployment, visit: here.sort((a, b) => b.arrivedAt.localeCompare(a.arrivedAt))[0] ?? null, due };
}

export async function arrive(stop: Stop): Promise<Visit> {
  const visit: Visit = {
    id: newId(),
    deployment: stop.deployment.id,
    station: stop.station.code,
    arrivedAt: new Date().toISOString(),
    departedAt: null,
    position: null,
  };
  await put("visits", visit.id, visit);
  locate(visit.id);
  return visit;
}

/** The position of a visit, if the phone will tell it; nobody waits for it. */
function locate(id: string): void {
  navigator.geolocation?.getCurrentPosition(
    async ({ coords }) => {
      const visit = await get<Visit>("visits", id);
      const position = { lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) };
      if (visit) await put("visits", id, { ...visit, position });
    },
    () => undefined,
    { enableHighAccuracy: true, timeout: 60_000, maximumAge: 60_000 },
  );
}

export async function leave(visit: Visit): Promise<void> {
  await put("visits", visit.id, { ...visit, departedAt: new Date().toISOString() });
}

/** Begin a report at a station, arriving there if that was not noted yet. */
export async function begin(stop: Stop, checklist: string): Promise<Draft> {
  const newest = await get<Record<string, string>>("self", "newest");
  const visit = stop.visit && !stop.visit.departedAt ? stop.visit : await arrive(stop);
  const draft: Draft = {
    id: newId(),
    checklist,
    version: newest?.[checklist] ?? "",
    engine: ENGINE,
    station: stop.station,
    deployment: stop.deployment,
    visit: visit.id,
    xml: null,
    photos: [],
    section: 0,
    answered: 0,
    asked: 0,
    savedAt: new Date().toISOString(),
  };
  await put("drafts", draft.id, draft);
  return draft;
}

export const checklistOf = (draft: Draft) =>
  get<Checklist>("checklists", key({ name: draft.checklist, version: draft.version }));

/** A finished report into the outbox and its draft away, both or neither. */
export async function finish(draft: Draft, waiting: Waiting): Promise<void> {
  const photos = await all<Photo>("photos");
  await together(["drafts", "outbox", "photos"], (store) => {
    store("outbox").put(waiting, waiting.id);
    store("drafts").delete(draft.id);
    for (const photo of photos.filter((each) => waiting.photos.includes(each.name))) {
      store("photos").put({ ...photo, report: waiting.id }, photo.name);
    }
  });
}

/** The device's own count of finished reports: order without trusting its clock. */
export async function nextSequence(): Promise<number> {
  const last = (await get<number>("self", "sequence")) ?? 0;
  await put("self", "sequence", last + 1);
  return last + 1;
}
