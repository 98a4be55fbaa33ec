// Which screen is shown. The address keeps it over a reload; nothing else depends on it.
import { signal } from "@preact/signals";

export type Screen =
  | { name: "enrol"; code?: string }
  | { name: "day" | "drafts" | "outbox" | "more" | "pledge" | "declaration" }
  | { name: "form" | "finish" | "send"; draft: string }
  | { name: "urgent"; checklist: string }
  | { name: "task"; task: string }
  | { name: "receipts"; address: string }
  | { name: "preview"; path: string };

export const screen = signal<Screen>(read());

function read(): Screen {
  const [name, value] = location.hash.slice(1).split("=", 2) as [string, string | undefined];
  if (name === "enrol") return value ? { name, code: decodeURIComponent(value) } : { name };
  if ((name === "form" || name === "finish" || name === "send") && value) return { name, draft: value };
  if (name === "task" && value) return { name, task: value };
  if (name === "receipts" && value) return { name, address: location.hash };
  if (name === "preview" && value) return { name, path: decodeURIComponent(value) };
  if (name === "urgent" && value) return { name, checklist: decodeURIComponent(value) };
  if (name === "drafts" || name === "outbox" || name === "more" || name === "pledge" || name === "declaration") return { name };
  return { name: "day" };
}

/** Show a screen; `instead` of the present one, so that going back does not come through it again. */
export function go(to: Screen, instead = false): void {
  const address = `#${to.name}${valueOf(to)}`;
  if (instead) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  screen.value = to;
  scrollTo(0, 0);
}

function valueOf(to: Screen): string {
  if ("draft" in to) return `=${to.draft}`;
  if ("task" in to) return `=${to.task}`;
  return "checklist" in to ? `=${encodeURIComponent(to.checklist)}` : "";
}

addEventListener("popstate", () => (screen.value = read()));
addEventListener("hashchange", () => (screen.value = read()));
