// Which screen is shown. The address keeps it over a reload; nothing else depends on it.
import { effect, signal } from "@preact/signals";

export type Screen =
  | { name: "enrol"; code?: string }
  | { name: "day" | "drafts" | "outbox" | "more" | "pledge" | "declaration" }
  | { name: "form" | "finish"; draft: string }
  | { name: "urgent"; checklist: string; draft?: string }
  | { name: "report"; report: string }
  | { name: "wrong"; visit: string }
  | { name: "task"; task: string }
  | { name: "receipts"; address: string }
  | { name: "preview"; path: string };

/** The addresses of what cannot wait, and their checklists. */
const URGENT: Record<string, string> = { incident: "incident", denied: "access_denied" };
const addressOf = (checklist: string) => Object.keys(URGENT).find((name) => URGENT[name] === checklist) ?? checklist;
/** How the address and the page call a screen, where that is not its name. */
const CALLED: Record<string, string> = { more: "settings" };

export const screen = signal<Screen>(read());

const nameOf = (shown: Screen) => (shown.name === "urgent" ? addressOf(shown.checklist) : (CALLED[shown.name] ?? shown.name));

effect(() => {
  document.body.dataset.screen = nameOf(screen.value);
});

function read(): Screen {
  const [name, value] = location.hash.slice(1).split("=", 2) as [string, string | undefined];
  if (name === "enrol") return value ? { name, code: decodeURIComponent(value) } : { name };
  if ((name === "form" || name === "finish") && value) return { name, draft: value };
  if (name in URGENT) return { name: "urgent", checklist: URGENT[name]!, ...(value ? { draft: value } : {}) };
  if (name === "report" && value) return { name, report: value };
  if (name === "wrong" && value) return { name, visit: value };
  if (name === "task" && value) return { name, task: value };
  if (name === "receipts" && value) return { name, address: location.hash };
  if (name === "preview" && value) return { name, path: decodeURIComponent(value) };
  if (name === "settings") return { name: "more" };
  if (name === "drafts" || name === "outbox" || name === "more" || name === "pledge" || name === "declaration") return { name };
  return { name: "day" };
}

/** Show a screen; `instead` of the present one, so that going back does not come through it again. */
export function go(to: Screen, instead = false): void {
  const address = `#${nameOf(to)}${valueOf(to)}`;
  if (instead) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  screen.value = to;
  scrollTo(0, 0);
}

function valueOf(to: Screen): string {
  if ("draft" in to && to.draft) return `=${to.draft}`;
  if ("task" in to) return `=${to.task}`;
  if ("report" in to) return `=${to.report}`;
  return "visit" in to ? `=${to.visit}` : "";
}

addEventListener("popstate", () => (screen.value = read()));
addEventListener("hashchange", () => (screen.value = read()));
