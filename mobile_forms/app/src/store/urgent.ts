// What cannot wait: a critical incident, and a door that stayed shut.
import type { Day, Stop } from "./day.ts";
import type { Deployment, Me, Station } from "./nouns.ts";
import { unlisted } from "./day.ts";

/** The checklists that are sent before all others, and the questions that come first in them. */
export const URGENT: Readonly<Record<string, readonly string[]>> = {
  incident: ["nature", "danger"],
  access_denied: ["access", "refused_by"],
};

export const isUrgent = (checklist: string) => checklist in URGENT;

/** A place that something can have happened at. */
export interface Place {
  deployment: Deployment;
  station: Station;
}

/** The places of the day, where the observer is now first. */
export function placesOf(day: Day): Place[] {
  const here = (stop: Stop) => Number(stop.visit !== null && stop.visit.departedAt === null);
  return [...day.stops]
    .sort((a, b) => here(b) - here(a))
    .flatMap((stop) => (stop.station ? [{ deployment: stop.deployment, station: stop.station }] : []));
}

/** A place that is in no list, by the code or the words that the observer gives. */
export function elsewhere(day: Day, code: string): Place {
  const roaming = day.stops.find((stop) => !stop.station)?.deployment;
  return { deployment: roaming ?? unplanned(day.me), station: unlisted(code) };
}

/** Nobody sent the observer there: the report says which round, the desk says where it belongs. */
function unplanned(me: Me | undefined): Deployment {
  return { id: "", round: me?.round?.code ?? "", kind: "static", station: null, area: null, expected: {}, with: [] };
}
