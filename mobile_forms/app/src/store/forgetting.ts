// What was sent leaves the phone: its answers at the mission's hour, everything where the phone leaves.
import { NAMES, get, together } from "./database.ts";
import type { Kept, Me } from "./nouns.ts";

const HOUR = 3_600_000;
/** What stays of this browser's own: how the app speaks and looks. */
const STAYS = new Set(["indelible-language", "indelible-size"]);

/** The answers of reports received so long ago as the mission says; the receipts stay. */
export async function forgetInTime(now = Date.now()): Promise<void> {
  const hours = (await get<Me>("self", "me"))?.phone?.forget_hours;
  if (hours) await forgetSent(new Date(now - hours * HOUR).toISOString());
}

/** The answers of all reports whose receipt is older than `before`. */
export async function forgetSent(before: string): Promise<void> {
  await together(["receipts"], (store) => {
    const asked = store("receipts").getAll() as IDBRequest<(Kept & { body?: string })[]>;
    asked.onsuccess = () => {
      for (const { body, ...rest } of asked.result) {
        if (body !== undefined && rest.receipt.received_at < before) store("receipts").put(rest, rest.receipt.id);
      }
    };
  });
}

/** Everything of the mission leaves this phone. */
export async function eraseAll(): Promise<void> {
  await together([...NAMES], (store) => {
    for (const name of NAMES) store(name).clear();
  });
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("indelible-") && !STAYS.has(key)) localStorage.removeItem(key);
  }
}
