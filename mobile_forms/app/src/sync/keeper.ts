// When to send: on opening, when the network comes, after finishing, on a timer, by the button.
import { signal } from "@preact/signals";
import { all, get } from "../store/database.ts";
import type { Waiting } from "../store/nouns.ts";
import { Refused, Unreachable } from "./server.ts";
import { send } from "./outbox.ts";
import { take } from "./take.ts";

export type Link = "unknown" | "online" | "offline" | "busy" | "signed out";
export const link = signal<Link>("unknown");
export const unsent = signal(0);
export const sending = signal(false);
/** Counts up when anything stored has changed: screens read anew. */
export const changed = signal(0);
export const nextTry = signal<string | null>(null);

const EVERY = 30_000;
const LONGEST_PAUSE = 600_000;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export async function recount(): Promise<void> {
  unsent.value = (await all<Waiting>("outbox")).length;
  changed.value += 1;
}

export async function sync(): Promise<void> {
  if (sending.value || !(await get("self", "token"))) return;
  sending.value = true;
  clearTimeout(timer);
  let pause = EVERY;
  try {
    await send();
    await take();
    failures = 0;
    link.value = "online";
  } catch (error) {
    pause = pauseAfter(error);
  } finally {
    sending.value = false;
    await recount();
    schedule(pause);
  }
}

function pauseAfter(error: unknown): number {
  failures += 1;
  const jitter = 0.5 + Math.random();
  const pause = Math.min(LONGEST_PAUSE, 2_000 * 2 ** failures) * jitter;
  if (error instanceof Unreachable) {
    link.value = error.retryAfter ? "busy" : "offline";
    return error.retryAfter ? error.retryAfter * 1000 * jitter : pause;
  }
  link.value = error instanceof Refused && error.status === 401 ? "signed out" : "offline";
  return pause;
}

function schedule(pause: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void sync(), pause);
  nextTry.value = failures > 0 ? new Date(Date.now() + pause).toISOString() : null;
}

export function keep(): void {
  addEventListener("online", () => void sync());
  addEventListener("offline", () => (link.value = "offline"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sync();
  });
  void recount().then(sync);
}
