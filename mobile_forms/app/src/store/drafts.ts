// Drafts: begun, kept with every change, and one day finished.
import { ENGINE } from "../form/version.ts";
import { newId } from "../report/identity.ts";
import { key } from "../sync/take.ts";
import { all, get, has, put, together } from "./database.ts";
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
  await together(async (writes) => {
    const old = (await all<Draft>("drafts")).filter((each) => each.untouched && each.savedAt < before);
    for (const each of old) writes.remove("drafts", each.id);
  });
}

export const checklistOf = (draft: Draft) =>
  get<Checklist>("checklists", key({ name: draft.checklist, version: draft.version }));

/**
 * Keep a draft as it is now, and let go of photos that were removed from it, at once. False where
 * it was finished meanwhile, in another window.
 */
export function keepDraft(draft: Draft, removed: string[] = []): Promise<boolean> {
  return together(async (writes) => {
    if (!(await has("drafts", draft.id))) return false;
    writes.put("drafts", draft.id, draft);
    for (const name of await unused(removed, draft.id)) writes.remove("photos", name);
    return true;
  });
}

/** Of these photos those that no other draft has, and no report. */
async function unused(names: string[], draft: string): Promise<string[]> {
  if (names.length === 0) return [];
  const others = (await all<Draft>("drafts")).filter((each) => each.id !== draft);
  const elsewhere = new Set(others.flatMap((each) => each.photos));
  const photos = await Promise.all(names.filter((name) => !elsewhere.has(name)).map((name) => get<Photo>("photos", name)));
  return photos.flatMap((each) => (each?.report === null ? [each.name] : []));
}

/** A draft goes, with the photos that only it has. */
export function deleteDraft(id: string): Promise<void> {
  return together(async (writes) => {
    const draft = await get<Draft>("drafts", id);
    if (!draft) return;
    writes.remove("drafts", id);
    writes.remove("self", `noticed-${id}`);
    for (const name of await unused(draft.photos, id)) writes.remove("photos", name);
  });
}

/** A finished report into the outbox and its draft away, both or neither, and only once. */
export async function finish(waiting: Waiting): Promise<void> {
  await together(async (writes) => {
    if (!(await has("drafts", waiting.id))) return;
    writes.put("outbox", waiting.id, waiting);
    writes.remove("drafts", waiting.id);
    // From now on a photo follows its report.
    for (const name of waiting.photos) {
      const photo = await get<Photo>("photos", name);
      if (photo) writes.put("photos", name, { ...photo, report: photo.report ?? waiting.id });
    }
  });
}

/** The device's own count of finished reports: order without trusting its clock. */
export function nextSequence(): Promise<number> {
  return together(async (writes) => {
    const next = ((await get<number>("self", "sequence")) ?? 0) + 1;
    writes.put("self", "sequence", next);
    return next;
  });
}
