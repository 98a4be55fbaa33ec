// The outbox. A report leaves it only for a receipt that names its id and the hash of its bytes.
import { all, get, put, remove, together } from "../store/database.ts";
import type { Kept, Photo, Receipt, Waiting } from "../store/nouns.ts";
import { isUrgent } from "../store/urgent.ts";
import { saysTheSame } from "../report/report.ts";
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

/** Whether it is to be sent: not refused, or to be tried once more. One that was refused without a code is tried again. */
export const isToSend = ({ refused, code, again }: Waiting) => refused === null || again === true || code === undefined;

/** The next reports to send: this mission's, not refused, at most fifty and eight megabytes; what is urgent first. */
export function next(outbox: Waiting[], mission: string): Waiting[] {
  const waiting = outbox
    .filter((each) => isToSend(each) && each.mission === mission)
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
  await dropRepeated();
  if (!settled.some(Boolean)) throw new Refused(response.status, answer.code ?? "no_receipt", answer.detail ?? "");
}

/** One report must not hold up the others: each alone, and alone it bears the blame. */
async function apart(mission: string, batch: Waiting[], problem: Problem): Promise<void> {
  if (batch.length > 1) {
    for (const each of batch) await sendBatch(mission, [each]);
  } else if (batch[0]) {
    await refuse(batch[0], problem);
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
    await refuse(report, item.problem ?? { title: String(item.status) });
    return true;
  }
  return false;
}

/** A report leaves the outbox as its receipt comes in, both or neither. */
export async function letGo(report: Waiting, kept: Kept): Promise<void> {
  await together((writes) => {
    writes.put("receipts", report.id, kept);
    writes.remove("outbox", report.id);
  });
}

/** It stays, with the server's reason. */
const refuse = ({ again: _, ...report }: Waiting, { code = "", detail, title = "" }: Problem) =>
  put("outbox", report.id, { ...report, refused: detail ?? title, code });

/** The server has a newer version than the one that this corrects. */
export const OUTDATED = "outdated";

/** A correction that was made twice here: what the server has from this phone says the same, so nothing is lost. */
async function dropRepeated(): Promise<void> {
  const late = (await all<Waiting>("outbox")).filter((each) => each.code === OUTDATED && each.corrects);
  if (late.length === 0) return;
  const received = await all<Kept>("receipts");
  for (const each of late) {
    const versions = received.filter((kept) => kept.corrects === each.corrects && kept.body);
    const same = versions.find((kept) => saysTheSame(kept.body!, each.body));
    if (same) await takeOut(each, same.receipt.id);
  }
}

/** Its photos go after another version, or with it. */
async function takeOut(report: Waiting, photosTo: string | null): Promise<void> {
  for (const photo of (await all<Photo>("photos")).filter((each) => each.report === report.id)) {
    if (photosTo === null) await remove("photos", photo.name);
    else await put("photos", photo.name, { ...photo, report: photosTo });
  }
  await remove("outbox", report.id);
}

/** The observer lets a correction go for which the server has a newer version; the server has its bytes too. */
export async function giveUp(id: string): Promise<void> {
  const report = await get<Waiting>("outbox", id);
  if (report?.code === OUTDATED) await takeOut(report, null);
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
    round: report.round,
    checklist: report.checklist,
    station: report.station,
    finalisedAt: report.finalisedAt,
    body: report.body,
    ...(report.corrects ? { corrects: report.corrects } : {}),
  };
}

/** Let reports that were refused be tried once more: the same bytes, so nothing can go wrong. Until then they are refused. */
export async function tryRefusedAgain(): Promise<void> {
  for (const each of await all<Waiting>("outbox")) {
    if (each.refused !== null) await put("outbox", each.id, { ...each, again: true });
  }
}
