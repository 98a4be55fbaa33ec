// The vault of a phone: made once, with everything that is there; opened by its passphrase.
import { signal } from "@preact/signals";
import { hidden, makeVault, openVault, seal, isSealed, type Keys, type Vault } from "./cipher.ts";
import { alone, commit, get, has, NAMES, rows, staysPlain, VAULT, type Name } from "./database.ts";
import { hold, knownVault, meet, vault } from "./keys.ts";
import { renewStream } from "./left.ts";
import type { Me, Photo } from "./nouns.ts";

export const SHORTEST = 12;
/** Of so many different letters at least: no letter held down, no short word over and over. */
const DIFFERENT = 6;

/** Whether the mission asks for a passphrase, and this phone has none yet. */
export const wanted = signal(false);

/** Why a passphrase is not taken; null where it is. */
export function unfit(passphrase: string): "short" | "digits" | "simple" | null {
  const letters = passphrase.trim().toLowerCase();
  if ([...letters].length < SHORTEST) return "short";
  if (/^[\p{N}\p{P}\s]+$/u.test(letters)) return "digits";
  return new Set(letters.replace(/\s/g, "")).size < DIFFERENT ? "simple" : null;
}

/** How it stands with this phone when it opens. */
export async function readVault(): Promise<void> {
  meet(await get<Vault>("self", VAULT));
  await lookWanted();
}

/** Look whether the mission asks for a passphrase: at the opening, and as a phone is enrolled. */
export async function lookWanted(): Promise<void> {
  wanted.value = knownVault() === null && (await get<Me>("self", "me"))?.phone?.passphrase === true;
}

/** Whether nothing is to be taken yet: a phone that is just enrolled waits for its passphrase. */
export const waitsForPassphrase = async () => wanted.value && !(await has("self", "takenAt"));

/** Make the vault: all that is on the phone goes into it, or nothing. Throws where there is no room for that. */
export async function setPassphrase(passphrase: string): Promise<void> {
  const made = await makeVault(passphrase);
  await alone(async () => {
    const moved = await Promise.all(NAMES.map((name) => movedInto(made.keys, name)));
    await commit([{ name: "self", key: VAULT, value: made.vault }, ...moved.flat()]);
    hold(made.keys);
  });
  await renewStream();
  wanted.value = false;
  vault.value = "open";
}

/** What is stored plainly in one store, sealed; a photo goes to a place that does not name it. */
async function movedInto(keys: Keys, name: Name) {
  const plain = (await rows(name)).filter(([key, value]) => !staysPlain(name, key) && !isSealed(value));
  const moved = plain.map(async ([key, value]) => {
    const place = name === "photos" ? await hidden(keys, (value as Photo).name) : key;
    return [
      ...(place === key ? [] : [{ name, key }]),
      { name, key: place, value: await seal(keys, `${name}\n${place}`, value) },
    ];
  });
  return (await Promise.all(moved)).flat();
}

/** Whether this is the passphrase; then the store can be read. The screens open once `vault` says so. */
export async function openWith(passphrase: string): Promise<boolean> {
  const stored = await get<Vault>("self", VAULT);
  const keys = stored ? await openVault(stored, passphrase) : null;
  if (!keys) return false;
  hold(keys);
  await renewStream();
  return true;
}
