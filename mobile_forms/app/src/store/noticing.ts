// Beginning the report of something that cannot wait, wherever the observer is.
import { get, put } from "./database.ts";
import { isDone, isHere, type Day, type Stop } from "./day.ts";
import { whereIAm } from "./distance.ts";
import { emptyDraft, goesOn, keepNew } from "./drafts.ts";
import type { Deployment, Draft, Station } from "./nouns.ts";
import { nowhere, type Place } from "./places.ts";

/** Where it can have happened: where the observer is, else the next place of the day, else nowhere in a list. */
export function likelyPlace(day: Day): Place {
  const stops = day.stops.filter((stop) => stop.station);
  const stop = stops.find(isHere) ?? stops.find((each) => !isDone(each)) ?? stops[0];
  return stop?.station ? { deployment: stop.deployment, station: stop.station } : nowhere(day);
}

/** Begin it. Nobody has arrived anywhere by that: only a visit that is under way is named. */
export async function notice(day: Day, checklist: string): Promise<Draft> {
  const place = likelyPlace(day);
  const noticed = { at: new Date().toISOString(), position: null };
  const draft = { ...(await emptyDraft(checklist)), ...place, visit: visitAt(day, place), noticed };
  void locate(draft.id);
  return keepNew(draft);
}

/** The id of the visit that is under way at a place; empty where there is none. */
export function visitAt(day: Day, { deployment, station }: { deployment: Deployment; station: Station }): string {
  const of = (stop: Stop) => stop.deployment.id === deployment.id && stop.station?.code === station.code;
  const visit = day.stops.find(of)?.visit ?? null;
  return goesOn(visit, deployment) ? visit.id : "";
}

/** The position, if the phone will tell it; nobody waits for it. */
async function locate(id: string): Promise<void> {
  const position = await whereIAm().catch(() => null);
  if (position) await put("self", `noticed-${id}`, position);
}

/** The position of something that was noticed, if it was found by now. */
export const positionOf = (id: string) => get<{ lat: number; lon: number; accuracy_m: number }>("self", `noticed-${id}`);
