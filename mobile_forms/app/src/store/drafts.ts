// Drafts: begun, kept with every change, and one day finished.
import { ENGINE } from "../form/version.ts";
import { newId } from "../report/identity.ts";
import { key } from "../sync/take.ts";
import { get, put, together } from "./database.ts";
import type { Checklist, Deployment, Draft, Photo, Station, Visit, Waiting } from "./nouns.ts";
import { arrive } from "./visits.ts";

const DAY = 86_400_000;

/** Begin a report at a station, arriving there if that was not noted yet; of one contest, where it is said. */
export async function begin(
  deployment: Deployment,
  station: Station,
  visit: Visit | null,
  checklist: string,
  contest?: string,
): Promise<Draft> {
  const here = goesOn(visit, deployment) ? visit : await arrive(deployment, station.code);
  const draft = { ...(await emptyDraft(checklist)), station, deployment, visit: here.id };
  return keepNew(contest ? { ...draft, contest } : draft);
}

/** Whether a visit is under way for a deployment. */
export const goesOn = (visit: Visit | null, deployment: Deployment): visit is Visit =>
  visit !== null && visit.departedAt === null && visit.deployment === deployment.id;

/** A draft of the newest version of a checklist, at no place yet. */
export async function emptyDraft(checklist: string): Promise<Omit<Draft, "station" | "deployment" | "visit">> {
  const newest = await get<Record<string, string>>("self", "newest");
  const mission = await get<string>("self", "mission");
  return {
    id: newId(),
    mission: mission ?? "",
    checklist,
    version: newest?.[checklist] ?? "",
    engine: ENGINE,
    xml: null,
    photos: [],
    section: 0,
    answered: 0,
    asked: 0,
    savedAt: new Date().toISOString(),
    untouched: true,
  };
}

export async function keepNew(draft: Draft): Promise<Draft> {
  await forgetUntouched();
  await put("drafts", draft.id, draft);
  return draft;
}

/** Forms that were only looked at go after a day: no window shows them any more. */
export async function forgetUntouched(): Promise<void> {
  const before = new Date(Date.now() - DAY).toISOString();
  await together(["drafts"], (store) => {
    const asked = store("drafts").getAll() as IDBRequest<Draft[]>;
    asked.onsuccess = () => {
      const old = asked.result.filter((each) => each.untouched && each.savedAt < before);
      for (const each of old) store("drafts").delete(each.id);
    };
  });
}

export const checklistOf = (draft: Draft) =>
  get<Checklist>("checklists", key({ name: draft.checklist, version: draft.version }));

/**
 * Keep a draft as it is now, and let go of photos that were removed from it, at once. False where
 * it was finished meanwhile, in another window.
 */
export async function keepDraft(draft: Draft, removed: string[] = []): Promise<boolean> {
  let there = false;
  await together(["drafts", "photos"], (store) => {
    const asked = store("drafts").getAll() as IDBRequest<Draft[]>;
    asked.onsuccess = () => {
      const others = asked.result.filter((each) => each.id !== draft.id);
      there = others.length < asked.result.length;
      if (!there) return;
      store("drafts").put(draft, draft.id);
      const elsewhere = new Set(others.flatMap((each) => each.photos));
      for (const name of removed) if (!elsewhere.has(name)) letGo(store("photos"), name);
    };
  });
  return there;
}

/** A photo leaves the phone, unless a report has it. */
function letGo(photos: IDBObjectStore, name: string): void {
  const asked = photos.get(name) as IDBRequest<Photo | undefined>;
  asked.onsuccess = () => {
    if (asked.result?.report === null) photos.delete(name);
  };
}

/** A finished report into the outbox and its draft away, both or neither, and only once. */
export async function finish(waiting: Waiting): Promise<void> {
  await together(["drafts", "outbox", "photos"], (store) => {
    const asked = store("drafts").getKey(waiting.id);
    asked.onsuccess = () => {
      if (asked.result === undefined) return;
      store("outbox").put(waiting, waiting.id);
      store("drafts").delete(waiting.id);
      for (const name of waiting.photos) give(store("photos"), name, waiting.id);
    };
  });
}

/** From now on a photo follows its report. */
function give(photos: IDBObjectStore, name: string, report: string): void {
  const asked = photos.get(name) as IDBRequest<Photo | undefined>;
  asked.onsuccess = () => {
    if (asked.result) photos.put({ ...asked.result, report: asked.result.report ?? report }, name);
  };
}

/** The device's own count of finished reports: order without trusting its clock. */
export async function nextSequence(): Promise<number> {
  let next = 1;
  await together(["self"], (store) => {
    const asked = store("self").get("sequence") as IDBRequest<number | undefined>;
    asked.onsuccess = () => {
      next = (asked.result ?? 0) + 1;
      store("self").put(next, "sequence");
    };
  });
  return next;
}
