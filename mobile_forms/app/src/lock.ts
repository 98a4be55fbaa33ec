// The lock: after a while without a touch, or at once. With a vault it forgets the key, and the passphrase is
// asked for; without, it asks for a PIN that keeps a passer-by out, encrypts nothing, and the screens say so.
import { signal } from "@preact/signals";
import { close } from "./form/open.ts";
import { allKept } from "./store/keeping.ts";
import { letGoOfKeys, vault } from "./store/keys.ts";
import { dropStream } from "./store/left.ts";
import { openWith, setPassphrase } from "./store/vault.ts";

const LOCK = "indelible-lock";
const TOUCHED = "indelible-lock-touched";
const WRONG = "indelible-lock-wrong";
/** Another window locks too: it hears of a change of this. */
const ALL = "indelible-lock-all";
/** A PIN does not resist whoever has the phone's storage; this is for the fingers of a passer-by, on a slow phone. */
const ROUNDS = 100_000;
const FREE_TRIES = 5;
const MINUTE = 60_000;
export const MINUTES = [1, 5, 15] as const;
const USUAL_MINUTES = 5;
export const SHORTEST_PIN = 4;

interface Lock {
  /** Both empty with a vault: no PIN is asked for. */
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
  return tried((await hashOf(pin, set.salt)) === set.hash);
}

/** Note a try: a wrong one makes the next wait, a right one opens the screen. */
function tried(right: boolean): boolean {
  if (right) {
    localStorage.removeItem(WRONG);
    localStorage.setItem(TOUCHED, JSON.stringify(Date.now()));
    locked.value = false;
  } else {
    const count = (stored<{ count: number }>(WRONG)?.count ?? 0) + 1;
    localStorage.setItem(WRONG, JSON.stringify({ count, at: Date.now() }));
  }
  return right;
}

/** Make the vault. It locks after some minutes without a touch; a PIN that was set is asked for no more. */
export async function beginVault(passphrase: string): Promise<void> {
  await setPassphrase(passphrase);
  keepLock({ salt: "", hash: "", minutes: lock.value?.minutes ?? USUAL_MINUTES });
  locked.value = false;
}

/** Whether this is the passphrase; then the store can be read, and the screens are shown once `vault` is open. */
export async function unlockVault(passphrase: string): Promise<boolean> {
  if (waitSeconds() > 0) return false;
  await locking;
  return tried(await openWith(passphrase));
}

let locking: Promise<void> = Promise.resolve();

/** Lock at once. What is being typed becomes an answer first, and is stored before the key is forgotten. */
export function lockNow(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  if (vault.value !== "open") {
    locked.value = lock.value !== null && vault.value === "none";
    return;
  }
  vault.value = "locked";
  close();
  locking = allKept().finally(() => {
    letGoOfKeys();
    dropStream();
  });
}

/** Lock here and in all other windows. */
export function lockAll(): void {
  localStorage.setItem(ALL, JSON.stringify(Date.now()));
  lockNow();
}

async function hashOf(pin: string, salt: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: new TextEncoder().encode(salt), iterations: ROUNDS };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Lock where nothing was touched for long enough. */
export function lockIfIdle(): void {
  if (!locked.value && vault.value !== "locked" && isIdle()) lockNow();
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
  addEventListener("storage", (event) => (event as StorageEvent).key === ALL && lockNow());
  setInterval(lockIfIdle, 5_000);
}
