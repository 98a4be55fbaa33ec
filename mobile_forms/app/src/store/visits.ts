// Arriving at a place and leaving it.
import { newId } from "../report/identity.ts";
import { get, put } from "./database.ts";
import type { Deployment, Visit } from "./nouns.ts";

export async function arrive(deployment: Deployment, station: string): Promise<Visit> {
  const visit: Visit = {
    id: newId(),
    deployment: deployment.id,
    round: deployment.round,
    station,
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
