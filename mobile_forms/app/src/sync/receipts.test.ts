import "fake-indexeddb/auto";
import { getPublicKeyAsync, signAsync, utils } from "@noble/ed25519";
import { beforeEach, describe, expect, it } from "vitest";
import { all, get, put } from "../store/database.ts";
import type { Waiting } from "../store/nouns.ts";
import { sha256 } from "../report/identity.ts";
import { receiptsIn, takeReceipts } from "./receipts.ts";

const text = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const secret = utils.randomSecretKey();

async function signed(report: Waiting, by = secret) {
  const receipt = { id: report.id, sha256: report.sha256, received_at: "2027-03-14T08:01:00.000000Z", sequence: 7 };
  const lines = ["indelible receipt 1", "m", receipt.id, receipt.sha256, receipt.received_at, receipt.sequence].join("\n");
  return { ...receipt, signature: text(await signAsync(new TextEncoder().encode(lines), by)) };
}

async function waiting(id: string): Promise<Waiting> {
  const body = JSON.stringify({ id, answers: {} });
  const report = { id, mission: "m", round: "", body, sha256: await sha256(body), checklist: "voting", station: "1", finalisedAt: "", photos: [], refused: null };
  await put("outbox", id, report);
  return report;
}

beforeEach(async () => {
  const key = { id: "", algorithm: "Ed25519", public_key: text(await getPublicKeyAsync(secret)) };
  await put("self", "me", { mission: "m", keys: { receipts: key, outbox: key } });
});

describe("receipts that come by a file or a code", () => {
  it("let go of exactly the reports that the server signed for", async () => {
    const report = await waiting("a");
    const receipt = await signed(report);
    const file = JSON.stringify({ kind: "indelible receipts 1", mission: "m", items: [{ id: "a", status: 201, receipt }] });
    expect(await takeReceipts(receiptsIn(file))).toEqual({ now: 1, before: 0, unfit: 0 });
    expect(await takeReceipts(receiptsIn(file))).toEqual({ now: 0, before: 1, unfit: 0 });
    expect(await all("outbox")).toEqual([]);
  });

  it("come as addresses too, of which the phone fills in the hash", async () => {
    const receipt = await signed(await waiting("b"));
    const row = [202, "b", receipt.received_at, receipt.sequence, receipt.signature];
    const packed = btoa(JSON.stringify([row])).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const items = receiptsIn(`Take these:\nhttps://x.example/field/#receipts=${packed}\n`);
    expect(await takeReceipts(items)).toEqual({ now: 1, before: 0, unfit: 0 });
    expect(await get("receipts", "b")).toMatchObject({ status: 202, receipt: { sha256: receipt.sha256 } });
  });

  it("are not believed from another signer, for other bytes or another report", async () => {
    const report = await waiting("c");
    const forged = await signed(report, utils.randomSecretKey());
    const other = await signed({ ...report, sha256: "0".repeat(64) });
    const items = [forged, other, { ...(await signed(report)), sequence: 8 }].map((receipt) => ({ id: "c", status: 201, receipt }));
    expect(await takeReceipts([...items, { id: "d", status: 201 }])).toEqual({ now: 0, before: 0, unfit: 4 });
    expect(await get("outbox", "c")).toEqual(report);
  });

  it.each(["", "{}", "[1]", "https://x.example/field/#receipts=AAAA", "hello"])("are none in %j", (said) => {
    expect(receiptsIn(said)).toEqual([]);
  });
});
