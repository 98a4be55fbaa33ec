// When to send: on opening, when the network comes, after finishing, on a timer, by the button.
import { signal } from "@preact/signals";
import { all, count } from "../store/database.ts";
import { Locked, vault } from "../store/keys.ts";
import type { Waiting } from "../store/nouns.ts";
import { waitsForPassphrase } from "../store/vault.ts";
import { sendReplies, takeCalls, takeDesk } from "./desk.ts";
import { send, tryRefusedAgain } from "./outbox.ts";
import { forgetInTime } from "../store/forgetting.ts";
import { goOnLeaving, isToBeWiped, wipe } from "./leaving.ts";
import { allowOnce, photosWaiting, sendPhotos, tryPhotosAgain } from "./photos.ts";
import { keepRescue } from "./rescue.ts";
import { hasAccess, Refused, Unreachable } from "./server.ts";
import { take } from "./take.ts";

export type Link = "unknown" | "online" | "offline" | "busy" | "portal" | "signed out";
export const link = signal<Link>("unknown");
export const unsent = signal(0);
/** Of the reports that are on this phone only, those that the server did not take. */
export const notTaken = signal(0);
export const unsentPhotos = signal(0);
export const sending = signal(false);
/** Counts up when anything stored has changed: screens read anew. */
export const changed = signal(0);
export const nextTry = signal<string | null>(null);

const EVERY = 30_000;
const LONGEST_PAUSE = 600_000;
let failures = 0;
let asked = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export async function recount(): Promise<void> {
  unsent.value = await count("outbox");
  if (vault.value !== "locked") await recountOpen().catch(unlessLocked);
  changed.value += 1;
}

async function recountOpen(): Promise<void> {
  notTaken.value = (await all<Waiting>("outbox")).filter((each) => each.refused !== null).length;
  unsentPhotos.value = (await photosWaiting()).length;
  await keepRescue();
}

/** It was locked meanwhile: what was under way goes on once it is open. */
export function unlessLocked(error: unknown): void {
  if (!(error instanceof Locked)) throw error;
}

/** Send and take. Asked while that runs, it runs once more: nothing waits for the timer. */
export async function sync(): Promise<void> {
  asked = true;
  if (!(await hasAccess()) || (await waitsForPassphrase()) || sending.value) return;
  sending.value = true;
  clearTimeout(timer);
  let pause = EVERY;
  try {
    while (asked) {
      asked = false;
      await sendReplies();
      if (vault.value === "locked") {
        await takeCalls();
        continue;
      }
      await send();
      await recount();
      await bothOf(take(), takeDesk().then(() => void (changed.value += 1)));
      const leaves = await isToBeWiped();
      if (leaves) allowOnce();
      // Photos are large: they wait for all else, and stop where something else waits to be sent.
      await sendPhotos(() => asked, recount);
      if (leaves && !asked) await wipe();
    }
    failures = 0;
    link.value = "online";
    if (vault.value !== "locked") await forgetInTime();
  } catch (error) {
    await goOnLeaving(error);
    if (!(error instanceof Locked)) {
      failures += 1;
      link.value = linkAfter(error);
      // A server that takes no reports now may still ask whether its observers are safe.
      if (link.value === "busy") await takeCalls().catch(() => undefined);
      pause = pauseAfter(error, failures);
    }
  } finally {
    sending.value = false;
    await recount();
    schedule(pause);
  }
}

/** Both at once, for each way to the server and back is long; where one stops, it is said once both have ended. */
async function bothOf(...taking: Promise<void>[]): Promise<void> {
  for (const ended of await Promise.allSettled(taking)) if (ended.status === "rejected") throw ended.reason;
}

/** The observer asks: what was refused goes along once more. */
export async function tryNow(): Promise<void> {
  await tryRefusedAgain();
  await tryPhotosAgain();
  await sync();
}

function linkAfter(error: unknown): Link {
  if (error instanceof Refused) return error.status === 401 ? "signed out" : "busy";
  return error instanceof Unreachable ? error.why : "offline";
}

/** Milliseconds to wait: what the server asked and up to half more, else twice as long each time. */
export function pauseAfter(error: unknown, failures: number, chance = Math.random()): number {
  const wanted = error instanceof Unreachable ? error.retryAfter : null;
  if (wanted !== null) return wanted * 1000 * (1 + chance / 2);
  return Math.min(LONGEST_PAUSE, 2_000 * 2 ** failures) * (0.5 + chance);
}

function schedule(pause: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void sync(), pause);
  nextTry.value = failures > 0 ? new Date(Date.now() + pause).toISOString() : null;
}

/** As the app opens, and once its vault does. */
export async function start(): Promise<void> {
  if (vault.value !== "locked") await forgetInTime();
  await recount();
  await sync();
}

export function keep(): void {
  addEventListener("online", () => void sync());
  addEventListener("offline", () => (link.value = "offline"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sync();
  });
  void start();
}
