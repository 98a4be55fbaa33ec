// Dates and times: as a phone's own control shows them, and as a report carries them.
export type Moment = "date" | "time" | "dateTime";

const two = (value: number) => String(value).padStart(2, "0");

/** What the control shows: this phone's wall clock, without a zone. */
export function toLocal(kind: Moment, value: string): string {
  if (kind === "date") return value.slice(0, 10);
  if (kind === "time") return value.slice(0, 5);
  const at = new Date(value);
  if (value === "" || Number.isNaN(at.getTime())) return "";
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What is kept: an instant with the zone that held here at that time. */
export function fromLocal(kind: Moment, shown: string): string {
  if (shown === "" || kind === "date") return shown;
  if (kind === "time") return `${shown.slice(0, 5)}:00`;
  const east = -new Date(shown).getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60];
  return `${shown.slice(0, 16)}:00${east < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
}
