// Positions one after another, as a report carries them: a semicolon between two; of an area the first again at the end.

const LEAST = { way: 2, area: 3 };

export function pointsOf(text: string, closed: boolean): string[] {
  const points = text.split(";").map((each) => each.trim()).filter(Boolean);
  return closed ? points.slice(0, -1) : points;
}

/** Empty while there are too few. */
export function textOf(points: string[], closed: boolean): string {
  if (points.length < (closed ? LEAST.area : LEAST.way)) return "";
  return (closed ? [...points, points[0]!] : points).join(";");
}
