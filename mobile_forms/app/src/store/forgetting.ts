// What was sent leaves the phone: its answers at the mission's hour, everything where the phone leaves.
import { NAMES, all, get, together } from "./database.ts";
import { meet } from "./keys.ts";
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
  await together(async (writes) => {
    for (const { body, ...rest } of await all<Kept>("receipts")) {
      if (body !== undefined && rest.receipt.received_at < before) writes.put("receipts", rest.receipt.id, rest);
    }
  });
}

/** Everything of the mission leaves this phone. */
export async function eraseAll(): Promise<void> {
  await together((writes) => {
    for (const name of NAMES) writes.clear(name);
  });
  meet(undefined);
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("indelible-") && !STAYS.has(key)) localStorage.removeItem(key);
  }
}
