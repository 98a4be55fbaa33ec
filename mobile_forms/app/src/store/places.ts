// Where something can have happened: the places of the day, and those in no list.
import type { Deployment, Me, Station } from "./nouns.ts";
import { type Day, type Stop, unlisted } from "./day.ts";

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

/** A place that is in no list, by the code or the words that the observer gives. A team that is there instead of
 * where it was sent stays the same team. */
export function elsewhere(day: Day, code: string, team?: Deployment): Place {
  const roaming = day.stops.find((stop) => !stop.station)?.deployment;
  return { deployment: team ?? roaming ?? unplanned(day.me), station: unlisted(code) };
}

/** No place is said: the report says which round, the desk asks where it was. */
export const nowhere = (day: Day): Place => ({ deployment: unplanned(day.me), station: unlisted("") });

/** Nobody sent the observer there: the report says which round, the desk says where it belongs. */
export function unplanned(me: Me | undefined): Deployment {
  return { id: "", round: me?.round?.code ?? "", kind: "static", station: null, area: null, expected: {}, with: [] };
}
