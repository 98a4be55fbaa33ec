// The outbox. A report leaves it only for a receipt that names its id and the hash of its bytes.
import { all, get, put, together } from "../store/database.ts";
import type { Kept, Receipt, Waiting } from "../store/nouns.ts";
import { isUrgent } from "../store/urgent.ts";
import { ask, readJson, Refused } from "./server.ts";

const AT_ONCE = 50;
const LARGEST = 8 * 1024 * 1024;
/** What a server answers to a whole body for what stands in it. */
const FAULT_OF_BODY = new Set([400, 409, 413, 422]);

interface Problem {
  code?: string;
  detail?: string;
  title?: string;
}

export interface Item {
  id: string | null;
  status: number;
  receipt?: Receipt;
  reasons?: { field: string; message: string }[];
  problem?: Problem;
}

type Answer = { items?: Item[] } & Problem;

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
    const batch = next(await all<Waiting>("outbox"), mission);
    if (batch.length === 0) return;
    await sendBatch(mission, batch);
  }
}

/** The next reports to send: this mission's, not refused, at most fifty and eight megabytes; what is urgent first. */
export function next(outbox: Waiting[], mission: string): Waiting[] {
  const waiting = outbox
    .filter((each) => each.refused === null && each.mission === mission)
    .sort((a, b) => Number(isUrgent(b.checklist)) - Number(isUrgent(a.checklist)) || a.finalisedAt.localeCompare(b.finalisedAt));
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
  const answer = await readJson<Answer>(response);
  if (!answer.items && FAULT_OF_BODY.has(response.status) && answer.code) return apart(mission, batch, answer);
  const items = answer.items ?? [];
  const only = batch.length === 1 && items.length === 1 && items[0]?.id === null ? items[0] : undefined;
  const find = (report: Waiting) => items.find((each) => each.id === report.id) ?? only;
  const settled = await Promise.all(batch.map((each) => settle(each, find(each))));
  if (!settled.some(Boolean)) throw new Refused(response.status, answer.code ?? "no_receipt", answer.detail ?? "");
}

/** One report must not hold up the others: each alone, and alone it bears the blame. */
async function apart(mission: string, batch: Waiting[], problem: Problem): Promise<void> {
  if (batch.length > 1) {
    for (const each of batch) await sendBatch(mission, [each]);
  } else if (batch[0]) {
    await put("outbox", batch[0].id, { ...batch[0], refused: said(problem) });
  }
}

async function settle(report: Waiting, item: Item | undefined): Promise<boolean> {
  if (!item) return false;
  const kept = verified(report, item);
  if (kept) {
    await letGo(report, kept);
    return true;
  }
  if (item.status >= 400 && item.status < 500 && item.status !== 429) {
    await put("outbox", report.id, { ...report, refused: said(item.problem ?? { title: String(item.status) }) });
    return true;
  }
  return false;
}

/** A report leaves the outbox as its receipt comes in, both or neither. */
export async function letGo(report: Waiting, kept: Kept): Promise<void> {
  await together(["outbox", "receipts"], (store) => {
    store("receipts").put(kept, report.id);
    store("outbox").delete(report.id);
  });
}

const said = (problem: Problem) => problem.detail ?? problem.title ?? "";

/** The receipt, if it is one for exactly these bytes. */
export function verified(report: Waiting, item: Item): Kept | null {
  const { receipt } = item;
  if (![200, 201, 202].includes(item.status) || !receipt) return null;
  if (receipt.id !== report.id || receipt.sha256 !== report.sha256) return null;
  return {
    receipt,
    status: item.status,
    reasons: item.reasons ?? [],
    round: report.round,
    checklist: report.checklist,
    station: report.station,
    finalisedAt: report.finalisedAt,
    body: report.body,
    ...(report.corrects ? { corrects: report.corrects } : {}),
  };
}

/** Let reports that were refused be tried once more: the same bytes, so nothing can go wrong. */
export async function tryRefusedAgain(): Promise<void> {
  const refused = (await all<Waiting>("outbox")).filter((each) => each.refused !== null);
  await together(["outbox"], (store) => {
    for (const each of refused) store("outbox").put({ ...each, refused: null }, each.id);
  });
}
