import "fake-indexeddb/auto";
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { beforeAll, expect, it, vi } from "vitest";
import { get, put } from "../store/database.ts";
import { answerSafety, answerTask } from "../store/desk.ts";
import { letGoOfKeys, vault } from "../store/keys.ts";
import { setPassphrase } from "../store/vault.ts";
import { recount, sync, unsent } from "./keeper.ts";
import { lostWith } from "./rescue.ts";

const body = JSON.stringify({ id: "w", answers: { q: "ballots were carried off" } });
const call = { id: "c", kind: "safety", text: "Trouble at 0471", about: null, sent_at: "1", seen_at: null, answer: null, answered_at: null };
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
const pair = await suite.kem.generateKeyPair();
const publicKey = Buffer.from(await suite.kem.serializePublicKey(pair.publicKey)).toString("base64");

/** Every request that was made. */
function listening(): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", vi.fn(async (path: string, init: RequestInit) => {
    asked.push(`${init.method ?? "GET"} ${path.replace("/api/v1/missions/m/", "")}`);
    return new Response(JSON.stringify({ items: [call] }), { status: 200 });
  }));
  return asked;
}

beforeAll(async () => {
  vi.stubGlobal("addEventListener", () => undefined);
  await put("self", "token", "t");
  await put("self", "mission", "m");
  await put("self", "takenAt", "now");
  await put("self", "me", { mission: "m", pseudonym: "S-2041", keys: { outbox: { id: "k", algorithm: "", public_key: publicKey } } });
  await put("outbox", "w", { id: "w", mission: "m", body, sha256: "", checklist: "voting", station: "0471", finalisedAt: "1", photos: [], refused: null });
  await setPassphrase("grey heron under the bridge");
  await answerTask("t", "note", "they would not say");
  await get("self", "token");
  await recount();
});

it("sends the answer to a call for safety while locked, and no report; a page opened anew sends nothing", async () => {
  const asked = listening();
  const { hasAccess } = await import("./server.ts");
  expect(await hasAccess()).toBe(true);
  vault.value = "locked";
  letGoOfKeys();
  await answerSafety("c", "help");
  await sync();
  expect(asked).toEqual(["POST messages/c/answer", "GET messages"]);
  expect(await get<{ text: string }[]>("self", "calls")).toMatchObject([{ id: "c", text: "" }]);
  expect(unsent.value).toBe(1);
  asked.length = 0;
  vi.resetModules();
  const [anew, { readVault }] = [await import("./keeper.ts"), await import("../store/vault.ts")];
  await readVault();
  await anew.sync();
  expect(asked).toEqual([]);
  await anew.recount();
  expect(anew.unsent.value).toBe(1);
});

it("has a file of the finished reports beside the vault, which the mission alone can open", async () => {
  const { reports, file } = await lostWith();
  expect([reports, file?.reports]).toEqual([1, ["w"]]);
  const bytes = Buffer.from(file!.bytes);
  expect(bytes.toString("latin1")).not.toContain("ballots");
  const end = bytes.indexOf("\n", bytes.indexOf("\n") + 1) + 1;
  const [info, enc, sealed] = [bytes.subarray(0, end), bytes.subarray(end, end + 65), bytes.subarray(end + 65)].map((each) => new Uint8Array(each));
  const plain = await suite.open({ recipientKey: pair.privateKey, enc: enc!.buffer, info: info!.buffer }, sealed!.buffer);
  expect(JSON.parse(Buffer.from(plain).subarray(4).toString()).reports).toEqual([body]);
});
