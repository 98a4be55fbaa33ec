// The outbox. A report leaves it only for a receipt that names its id and the hash of its bytes.
import { all, get, put, together } from "../store/database.ts";
import type { Kept, Receipt, Waiting } from "../store/nouns.ts";
import { ask, readJson, Refused } from "./server.ts";
import { sendPhotos } from "./photos.ts";

const AT_ONCE = 50;
const LARGEST = 8 * 1024 * 1024;

interface Item {
  id: string | null;
  status: number;
  receipt?: Receipt;
  reasons?: { field: string; message: string }[];
  problem?: { detail?: string; title?: string };
}

/** Send what waits, in the order it was finished. Throws Unreachable where that stops. */
export async function send(): Promise<void> {
  const send = () => sendAll();
  if (globalThis.navigator?.locks) await navigator.locks.request("outbox", send);
  else await send();
}

async function sendAll(): Promise<void> {
  const mission = await get<string>("self", "mission");
  if (!mission) return;
  for (;;) {
    const batch = next(await all<Waiting>("outbox"));
    if (batch.length === 0) break;
    await sendBatch(mission, batch);
  }
  await sendPhotos(mission);
}

/** The next reports to send: not refused, at most fifty and eight megabytes. */
export function next(outbox: Waiting[]): Waiting[] {
  const waiting = outbox
    .filter((each) => each.refused === null)
    .sort((a, b) => a.finalisedAt.localeCompare(b.finalisedAt));
  let size = 0;
  return waiting.slice(0, AT_ONCE).filter((each, place) => {
    size += each.body.length;
    return place === 0 || size <= LARGEST;
  });
}

async function sendBatch(mission: string, batch: Waiting[]): Promise<void> {
  const response = await ask(`missions/${mission}/reports`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: batch.map((each) => each.body).join("\n") + "\n",
  });
  if (response.status === 401) throw new Refused(401, "unauthenticated", "");
  const answer = await readJson<{ items?: Item[] }>(response);
  const settled = await Promise.all(batch.map((each) => settle(each, answer.items ?? [])));
  if (!settled.some(Boolean)) throw new Refused(response.status, "no_receipt", "");
}

async function settle(report: Waiting, items: Item[]): Promise<boolean> {
  const item = items.find((each) => each.id === report.id);
  if (!item) return false;
  const kept = verified(report, item);
  if (kept) {
    await together(["outbox", "receipts"], (store) => {
      store("receipts").put(kept, report.id);
      store("outbox").delete(report.id);
    });
    return true;
  }
  if (item.status >= 400 && item.status < 500 && item.status !== 429) {
    const words = item.problem?.detail ?? item.problem?.title ?? String(item.status);
    await put("outbox", report.id, { ...report, refused: words });
    return true;
  }
  return false;
}

/** The receipt, if it is one for exactly these bytes. */
export function verified(report: Waiting, item: Item): Kept | null {
  const { receipt } = item;
  if (![200, 201, 202].includes(item.status) || !receipt) return null;
  if (receipt.id !== report.id || receipt.sha256 !== report.sha256) return null;
  return {
    receipt,
    status: item.status,
    reasons: item.reasons ?? [],
    checklist: report.checklist,
    station: report.station,
    finalisedAt: report.finalisedAt,
  };
}
