// Receipts that come back by another road than the network: from a file, a code, a message.
import { get } from "../store/database.ts";
import type { Me, PublicKey, Receipt, Waiting } from "../store/nouns.ts";
import { bytesOf } from "./base64.ts";
import { letGo, verified, type Item } from "./outbox.ts";

const KIND = "indelible receipts 1";
const LINK = /#receipts=([\w-]+)/g;

/** A receipt as a link carries it: the phone itself knows the hash. */
type Row = [status: number, id: string, received_at: string, sequence: number, signature: string];

/** How many reports have their receipt now, how many had it before, how many receipts do not fit. */
export interface Taken {
  now: number;
  before: number;
  unfit: number;
}

/** The receipts in a text: a file from the desk, or addresses. None where it is neither. */
export function receiptsIn(text: string): Item[] {
  try {
    const links = [...text.matchAll(LINK)].flatMap(([, packed]) => rowsOf(packed!).map(itemOf));
    return links.length > 0 ? links : fileItems(text);
  } catch {
    return [];
  }
}

const rowsOf = (packed: string) => JSON.parse(new TextDecoder().decode(bytesOf(packed))) as Row[];

function itemOf([status, id, received_at, sequence, signature]: Row): Item {
  return { id, status, receipt: { id, sha256: "", received_at, sequence, signature } };
}

function fileItems(text: string): Item[] {
  const file = JSON.parse(text) as { kind?: string; items?: Item[] };
  return file.kind === KIND && Array.isArray(file.items) ? file.items : [];
}

/** Take receipts in. One is believed where it is signed by the server's key for exactly these bytes. */
export async function takeReceipts(items: Item[]): Promise<Taken> {
  const taken = { now: 0, before: 0, unfit: 0 };
  const key = (await get<Me>("self", "me"))?.keys?.receipts;
  for (const item of items) taken[await takeOne(item, key)] += 1;
  return taken;
}

async function takeOne(item: Item, key: PublicKey | undefined): Promise<keyof Taken> {
  const id = String(item.id);
  const report = await get<Waiting>("outbox", id);
  if (!report) return (await get("receipts", id)) === undefined ? "unfit" : "before";
  if (!key || !item.receipt) return "unfit";
  const receipt = { ...item.receipt, sha256: item.receipt.sha256 || report.sha256 };
  const kept = verified(report, { ...item, receipt });
  if (!kept || !(await isSigned(receipt, report.mission, key))) return "unfit";
  await letGo(report, kept);
  return "now";
}

/** Whether the server's key signed the six lines of this receipt. */
export async function isSigned(receipt: Receipt, mission: string, key: PublicKey): Promise<boolean> {
  const { verifyAsync } = await import("@noble/ed25519");
  const lines = ["indelible receipt 1", mission, receipt.id, receipt.sha256, receipt.received_at, receipt.sequence];
  try {
    return await verifyAsync(bytesOf(receipt.signature), new TextEncoder().encode(lines.join("\n")), bytesOf(key.public_key));
  } catch {
    return false;
  }
}
