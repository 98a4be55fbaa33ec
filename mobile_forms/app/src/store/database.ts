// Everything the phone keeps, in one IndexedDB. A write is done when its transaction is.

export const NAMES = ["self", "checklists", "visits", "drafts", "outbox", "receipts", "photos", "replies"] as const;
export type Name = (typeof NAMES)[number];
const DATABASE = "indelible";
const VERSION = 2;

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

/** Do several things at once: all of them are kept, or none. */
export async function together<T>(
  names: Name[],
  work: (store: (name: Name) => IDBObjectStore) => T,
  mode: IDBTransactionMode = "readwrite",
): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const result = work((name) => transaction.objectStore(name));
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
    transaction.onerror = () => reject(transaction.error);
  });
}

async function ask<T>(name: Name, question: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const request = await together([name], (store) => question(store(name)), "readonly");
  return request.result;
}

export const get = <T>(name: Name, key: string): Promise<T | undefined> =>
  ask(name, (store) => store.get(key) as IDBRequest<T | undefined>);

export const all = <T>(name: Name): Promise<T[]> =>
  ask(name, (store) => store.getAll() as IDBRequest<T[]>);

export async function put(name: Name, key: string, value: unknown): Promise<void> {
  await together([name], (store) => store(name).put(value, key));
}

export async function remove(name: Name, key: string): Promise<void> {
  await together([name], (store) => store(name).delete(key));
}
