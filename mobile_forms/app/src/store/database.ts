// Everything the phone keeps, in one IndexedDB. A write is done when its transaction is. Where there is a
// vault, values are sealed and opened here, and nowhere else.
import { hidden, isSealed, open as unseal, seal, type Vault } from "./cipher.ts";
import { keys, knownVault, Locked, meet } from "./keys.ts";

export const NAMES = ["self", "checklists", "visits", "drafts", "outbox", "receipts", "photos", "replies"] as const;
export type Name = (typeof NAMES)[number];
export const VAULT = "vault";
const DATABASE = "indelible";
const VERSION = 2;
/** What a locked phone goes by, and what is the mission's own: forms, lists, files of forms. Nothing of an observer. */
const PLAIN_SELF = new Set([VAULT, "mission", "calls", "rescue", "sequence", "leaving", "newest", "takenAt", "lists"]);

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      for (const name of NAMES) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
      }
    };
    request.onsuccess = () => {
      // A newer version of the app, in another window, waits for this one to let go.
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Whether a value is stored as it is, with a vault too. */
export function staysPlain(name: Name, key: string): boolean {
  if (name === "replies") return key.startsWith("messages/");
  return name === "checklists" || (name === "self" && (PLAIN_SELF.has(key) || key.startsWith("files ")));
}

const placeOf = (name: Name, key: string) => `${name}\n${key}`;

/** The key that a value is stored by: the name of a photo is its hash, and would tell which photo it is. */
async function storedKey(name: Name, key: string): Promise<string> {
  if (name !== "photos" || knownVault() === null) return key;
  return hidden(keysOrThrow(), key);
}

function keysOrThrow() {
  const held = keys();
  if (!held) throw new Locked();
  return held;
}

interface Write {
  name: Name;
  /** None: everything in this store goes. */
  key: string | null;
  /** None: what is there goes. */
  value?: unknown;
}

/** Collects what is to be written. */
export interface Writes {
  put(name: Name, key: string, value: unknown): void;
  remove(name: Name, key: string): void;
  clear(name: Name): void;
}

/**
 * Do several things at once: all of them are kept, or none, and no other window's come between what
 * `work` reads and what it writes. `work` writes through what it is given, and by nothing else.
 */
export function together<T>(work: (writes: Writes) => T | Promise<T>): Promise<T> {
  return alone(async () => {
    const found: Write[] = [];
    const result = await work({
      put: (name, key, value) => void found.push({ name, key, value }),
      remove: (name, key) => void found.push({ name, key }),
      clear: (name) => void found.push({ name, key: null }),
    });
    await commit(await Promise.all(found.map(sealed)));
    return result;
  });
}

let last: Promise<unknown> = Promise.resolve();

/** One at a time, in all windows; where the browser has no locks, in this one. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  if (locks) return locks.request("indelible-store", work) as Promise<T>;
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return mine;
}

async function sealed({ name, key, value }: Write): Promise<Write> {
  if (key === null || knownVault() === null || staysPlain(name, key)) return { name, key, value };
  const stored = await storedKey(name, key);
  if (value === undefined) return { name, key: stored };
  return { name, key: stored, value: await seal(keysOrThrow(), placeOf(name, stored), value) };
}

/** Write as one. Throws Locked where another window made, changed or erased the vault: then nothing is written. */
export async function commit(writes: Write[]): Promise<void> {
  if (writes.length === 0) return;
  const names = [...new Set<Name>(["self", ...writes.map((each) => each.name)])];
  const database = await open();
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    let why: Error | undefined;
    const stored = transaction.objectStore("self").get(VAULT) as IDBRequest<Vault | undefined>;
    stored.onsuccess = () => {
      if (meet(stored.result)) for (const each of writes) write(transaction.objectStore(each.name), each);
      else {
        why = new Locked();
        transaction.abort();
      }
    };
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(why ?? transaction.error ?? new Error("not kept"));
  });
}

function write(store: IDBObjectStore, { key, value }: Write): void {
  if (key === null) store.clear();
  else if (value === undefined) store.delete(key);
  else store.put(value, key);
}

/** Ask the store itself: what comes may be sealed. */
export async function ask<T>(name: Name, question: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = question(database.transaction([name], "readonly").objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Every value of a store with the key that it is stored by, as one moment has them. */
export async function rows(name: Name): Promise<[string, unknown][]> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([name], "readonly");
    const [found, values] = [transaction.objectStore(name).getAllKeys(), transaction.objectStore(name).getAll()];
    transaction.oncomplete = () => resolve(found.result.map((key, place) => [String(key), values.result[place]]));
    transaction.onabort = () => reject(transaction.error);
  });
}

async function unsealed<T>(name: Name, key: string, value: unknown): Promise<T> {
  if (!isSealed(value)) return value as T;
  const held = keysOrThrow();
  if (held.id !== value.vault) throw new Locked();
  return unseal<T>(held, placeOf(name, key), value);
}

export async function get<T>(name: Name, key: string): Promise<T | undefined> {
  const stored = await storedKey(name, key);
  return unsealed(name, stored, await ask<unknown>(name, (store) => store.get(stored)));
}

export async function all<T>(name: Name): Promise<T[]> {
  return Promise.all((await rows(name)).map(([key, value]) => unsealed<T>(name, key, value)));
}

/** Of all that is stored, what can be read now: of a locked phone what is not sealed. */
export async function readable<T>(name: Name): Promise<T[]> {
  const found = await rows(name);
  return Promise.all(found.filter(([, value]) => keys() !== null || !isSealed(value)).map(([key, value]) => unsealed<T>(name, key, value)));
}

/** Whether something is stored, and how much: a locked phone knows that too. */
export const has = async (name: Name, key: string) => (await count(name, await storedKey(name, key))) > 0;
export const count = (name: Name, key?: string) => ask(name, (store) => store.count(key));

export const put = (name: Name, key: string, value: unknown): Promise<void> => together((writes) => writes.put(name, key, value));
export const remove = (name: Name, key: string): Promise<void> => together((writes) => writes.remove(name, key));
