// How far a station is from the phone, where both positions are known.

export interface Point {
  lat: number;
  lon: number;
}

const RADIUS_KM = 6371;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Whole kilometres as the crow flies (haversine); null where the station has no position. */
export function kilometres(from: Point, to: { lat?: number | null; lon?: number | null } | null): number | null {
  if (to?.lat == null || to.lon == null) return null;
  const [a, b] = [radians(from.lat), radians(to.lat)];
  const half = (angle: number) => Math.sin(angle / 2) ** 2;
  const h = half(b - a) + Math.cos(a) * Math.cos(b) * half(radians(to.lon - from.lon));
  return Math.round(2 * RADIUS_KM * Math.asin(Math.sqrt(h)));
}

/** Where the phone is now; rejected where it will not tell. */
export function whereIAm(): Promise<Point & { accuracy_m: number }> {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new Error("no position"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) }),
      reject,
      { enableHighAccuracy: true, timeout: 30_000, maximumAge: 60_000 },
    );
  });
}
