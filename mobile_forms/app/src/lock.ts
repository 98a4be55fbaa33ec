// The lock of the screen: a PIN that is asked for after a while without a touch. It keeps a passer-by
// out; it encrypts nothing, and the screens say so.
import { signal } from "@preact/signals";

const LOCK = "indelible-lock";
const TOUCHED = "indelible-lock-touched";
const WRONG = "indelible-lock-wrong";
/** A PIN does not resist whoever has the phone's storage; this is for the fingers of a passer-by, on a slow phone. */
const ROUNDS = 100_000;
const FREE_TRIES = 5;
const MINUTE = 60_000;
export const MINUTES = [1, 5, 15] as const;
export const SHORTEST_PIN = 4;

interface Lock {
  salt: string;
  hash: string;
  minutes: number;
}

const stored = <T>(key: string): T | null => JSON.parse(globalThis.localStorage?.getItem(key) ?? "null") as T | null;

export const lock = signal<Lock | null>(stored<Lock>(LOCK));
export const locked = signal(isIdle());

/** Whether nothing was touched for so long as the observer chose. */
export function isIdle(now = Date.now()): boolean {
  const set = stored<Lock>(LOCK);
  return set !== null && now - (stored<number>(TOUCHED) ?? 0) >= set.minutes * MINUTE;
}

export async function setLock(pin: string, minutes: number): Promise<void> {
  const salt = hex(crypto.getRandomValues(new Uint8Array(16)));
  keepLock({ salt, hash: await hashOf(pin, salt), minutes });
}

export const changeMinutes = (minutes: number) => lock.value && keepLock({ ...lock.value, minutes });

function keepLock(set: Lock): void {
  localStorage.setItem(LOCK, JSON.stringify(set));
  localStorage.setItem(TOUCHED, JSON.stringify(Date.now()));
  lock.value = set;
}

/** Without a lock again: the observer chose so, or enrolled anew because the PIN was forgotten. */
export function removeLock(): void {
  for (const key of [LOCK, TOUCHED, WRONG]) localStorage.removeItem(key);
  lock.value = null;
  locked.value = false;
}

/** Seconds to wait before the next try: none for the first five, then twice as long each time. */
export function waitSeconds(now = Date.now()): number {
  const { count, at } = stored<{ count: number; at: number }>(WRONG) ?? { count: 0, at: 0 };
  if (count < FREE_TRIES) return 0;
  return Math.max(0, Math.ceil((at + 30_000 * 2 ** Math.min(count - FREE_TRIES, 10) - now) / 1000));
}

/** Whether this is the PIN; then the screen is open. */
export async function unlock(pin: string): Promise<boolean> {
  const set = lock.value;
  if (set === null || waitSeconds() > 0) return set === null;
  if ((await hashOf(pin, set.salt)) !== set.hash) {
    const count = (stored<{ count: number }>(WRONG)?.count ?? 0) + 1;
    localStorage.setItem(WRONG, JSON.stringify({ count, at: Date.now() }));
    return false;
  }
  localStorage.removeItem(WRONG);
  localStorage.setItem(TOUCHED, JSON.stringify(Date.now()));
  locked.value = false;
  return true;
}

async function hashOf(pin: string, salt: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: new TextEncoder().encode(salt), iterations: ROUNDS };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Lock where nothing was touched for long enough. What is being typed becomes an answer first. */
export function lockIfIdle(): void {
  if (locked.value || !isIdle()) return;
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  locked.value = true;
}

/** Note touches, and look every few seconds whether there were none for long. */
export function watchIdle(): void {
  let noted = 0;
  const touch = () => {
    if (lock.value === null || locked.value || Date.now() - noted < 5_000 || isIdle()) return;
    noted = Date.now();
    localStorage.setItem(TOUCHED, JSON.stringify(noted));
  };
  for (const each of ["pointerdown", "keydown", "scroll"]) addEventListener(each, touch, { capture: true, passive: true });
  document.addEventListener("visibilitychange", lockIfIdle);
  setInterval(lockIfIdle, 5_000);
}
