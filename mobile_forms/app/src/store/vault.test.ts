import "fake-indexeddb/auto";
import { beforeEach, expect, it, vi } from "vitest";
import type { Vault } from "./cipher.ts";
import { beginCorrection } from "./correcting.ts";
import { all, count, get, has, NAMES, put, readable, rows, together } from "./database.ts";
import { answerSafety, readCalls } from "./desk.ts";
import { finish, keepDraft } from "./drafts.ts";
import { eraseAll } from "./forgetting.ts";
import { allKept, Keeping, leaveBehind, takeUp } from "./keeping.ts";
import { keys, knownVault, letGoOfKeys, Locked, meet } from "./keys.ts";
import { readSent } from "./sent.ts";
import type { Draft, Kept, Photo, Waiting } from "./nouns.ts";
import { lookWanted, openWith, readVault, setPassphrase, unfit, waitsForPassphrase, wanted } from "./vault.ts";

const PASSPHRASE = "grey heron under the bridge";
/** What an observer wrote or was told, as it would be found in a copy of the phone's storage. */
const TOLD = ["S-2041", "0471", "ballots were carried off", "a photo of the protocol", "secret-token", "who refused you", "Hill Road school"];
const PHOTO = "0f".repeat(32) + ".jpg";
const station = { code: "0471", name: "Hill Road school", address: "", area: null, registered_voters: null };
const draft = {
  id: "d", visit: "v", station, xml: "<q>ballots were carried off</q>", photos: [PHOTO], checklist: "voting", savedAt: "1",
} as unknown as Draft;
const waiting = { id: "w", mission: "m", body: '{"answers":{"q":"ballots were carried off"}}', checklist: "voting", station: "0471", finalisedAt: "1", photos: [], refused: null } as unknown as Waiting;
const receipt = { receipt: { id: "r", received_at: "2027-03-14T08:00:00Z", sequence: 1 }, status: 201, reasons: [], checklist: "voting", station: "0471", body: waiting.body, finalisedAt: "1" };

function storage(): Storage {
  const kept: Record<string, string> = Object.create({
    getItem: (name: string) => kept[name] ?? null,
    setItem: (name: string, value: string) => void (kept[name] = value),
    removeItem: (name: string) => void delete kept[name],
  });
  return kept as unknown as Storage;
}

/** A phone in the middle of its day. */
async function fill(): Promise<void> {
  await put("self", "token", "secret-token");
  await put("self", "mission", "m");
  await put("self", "me", { pseudonym: "S-2041", mission: "m", phone: { forget_hours: 10, passphrase: true, wipe: false } });
  await put("self", "deployments", [{ id: "p", station, expected: {}, with: [] }]);
  await put("self", "tasks", [{ id: "t", report: "r", text: "who refused you" }]);
  await put("self", "messages", [{ id: "c", kind: "safety", text: "who refused you", sent_at: "1", seen_at: null, answer: null }]);
  await put("self", "calls", [{ id: "c", kind: "safety", text: "", sent_at: "1", seen_at: null, answer: null }]);
  await put("checklists", "voting 1", { name: "voting", version: "1" });
  await put("visits", "v", { id: "v", station: "0471" });
  await put("drafts", "d", draft);
  await put("outbox", "w", waiting);
  await put("receipts", "r", receipt);
  await put("photos", PHOTO, { name: PHOTO, blob: new Blob(["a photo of the protocol"], { type: "image/jpeg" }), report: null });
  await put("replies", "tasks/t/answer", { id: "a", mission: "m", path: "tasks/t/answer", body: { text: "who refused you" }, at: "1" });
}

/** Everything that lies in the phone's storage, as text. */
async function copied(): Promise<string> {
  const found = await Promise.all(NAMES.map(rows));
  const texts = found.flat().map(async ([key, value]) => key + (await textOf(value)));
  return [...(await Promise.all(texts)), JSON.stringify(Object.entries(localStorage))].join("\n");
}

async function textOf(value: unknown): Promise<string> {
  if (value instanceof Blob) return value.text();
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return Buffer.from(value as ArrayBuffer).toString("latin1");
  if (typeof value !== "object" || value === null) return String(value);
  return (await Promise.all(Object.entries(value).map(async ([name, each]) => name + (await textOf(each))))).join(" ");
}

/** As a page that is opened anew: the key was in the memory of the one before. */
async function reload(): Promise<void> {
  meet(undefined);
  await readVault();
}

beforeEach(async () => {
  vi.stubGlobal("localStorage", storage());
  await eraseAll().catch(eraseAll);
  await fill();
});

it("moves what is on the phone, and leaves nothing readable of it in any store", async () => {
  for (const told of [...TOLD, PHOTO]) expect(await copied()).toContain(told);
  await setPassphrase(PASSPHRASE);
  const left = await copied();
  for (const told of [...TOLD, PHOTO, PASSPHRASE]) expect(left).not.toContain(told);
  expect(await get<Draft>("drafts", "d")).toEqual(draft);
  const photo = await get<Photo>("photos", PHOTO);
  expect([photo?.name, photo?.blob.type, await photo?.blob.text()]).toEqual([PHOTO, "image/jpeg", "a photo of the protocol"]);
  expect(await count("photos")).toBe(1);
});

it("writes nothing readable from then on, whatever is done", async () => {
  await setPassphrase(PASSPHRASE);
  await fill();
  await keepDraft({ ...draft, savedAt: "2" });
  await beginCorrection((await readSent("r"))!, "S-2041 mistyped");
  await put("outbox", "x", { ...waiting, id: "x" });
  await finish({ ...waiting, id: "d", photos: [PHOTO] });
  const left = await copied();
  for (const told of [...TOLD, PHOTO]) expect(left).not.toContain(told);
  expect((await get<Photo>("photos", PHOTO))?.report).toBe("d");
});

it("opens for its passphrase alone, however a keyboard spaces it, and is locked after a reload", async () => {
  await setPassphrase(PASSPHRASE);
  await reload();
  await expect(get("drafts", "d")).rejects.toThrow(Locked);
  await expect(put("drafts", "e", draft)).rejects.toThrow(Locked);
  expect(await openWith("grey heron under the bridges")).toBe(false);
  await expect(all("outbox")).rejects.toThrow(Locked);
  expect(await openWith(` ${PASSPHRASE.replace(" ", "  ")} `)).toBe(true);
  expect((await all<Waiting>("outbox")).map((each) => each.id)).toEqual(["w"]);
});

it("while locked knows how much waits, and lets a call for safety be answered", async () => {
  await setPassphrase(PASSPHRASE);
  letGoOfKeys();
  expect([await count("outbox"), await has("self", "token")]).toEqual([1, true]);
  await answerSafety("c", "help");
  expect((await readCalls()).map((each) => [each.text, each.said?.answer])).toEqual([["", "help"]]);
  expect((await readable<{ path: string }>("replies")).map((each) => each.path)).toEqual(["messages/c/answer"]);
});

it("loses nothing where the move is interrupted, and moves all of it the next time", async () => {
  const write = IDBObjectStore.prototype.put;
  let written = 0;
  const full = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value, key) {
    written += 1;
    if (written < 6) return write.call(this, value, key);
    this.transaction.abort();
    throw new DOMException("full", "QuotaExceededError");
  });
  await expect(setPassphrase(PASSPHRASE)).rejects.toThrow();
  full.mockRestore();
  expect(knownVault()).toBeNull();
  await reload();
  expect(await get<Draft>("drafts", "d")).toEqual(draft);
  expect((await get<Photo>("photos", PHOTO))?.name).toBe(PHOTO);
  await setPassphrase(PASSPHRASE);
  expect(await get<Draft>("drafts", "d")).toEqual(draft);
});

it("lets no other window write plainly into a vault that it does not know", async () => {
  await setPassphrase(PASSPHRASE);
  meet(undefined);
  await expect(put("drafts", "e", { id: "e" })).rejects.toThrow(Locked);
  expect(await has("drafts", "e")).toBe(false);
  expect(knownVault()).not.toBeNull();
});

it("opens no value that was put in another's place", async () => {
  await setPassphrase(PASSPHRASE);
  await put("drafts", "e", { ...draft, id: "e" });
  const stored = (await rows("drafts")).find(([key]) => key === "e")![1];
  const { commit } = await import("./database.ts");
  await commit([{ name: "drafts", key: "d", value: stored }]);
  await expect(get("drafts", "d")).rejects.toThrow();
});

it("leaves what a closing page had not stored, unreadable, and takes it up once it is open", async () => {
  await setPassphrase(PASSPHRASE);
  const keeping = new Keeping();
  keeping.keep({ ...draft, savedAt: "2", xml: "ballots were carried off at noon" }, []);
  leaveBehind();
  leaveBehind();
  const left = { ...localStorage };
  expect(Object.keys(left)).toEqual(["indelible-left-d"]);
  await keeping.settled();
  await put("drafts", "d", draft);
  Object.assign(localStorage, left);
  for (const told of TOLD) expect(await copied()).not.toContain(told);
  await reload();
  await takeUp();
  expect(Object.keys(localStorage), "it stays until the vault is open").toEqual(["indelible-left-d"]);
  await openWith(PASSPHRASE);
  await takeUp();
  expect((await get<Draft>("drafts", "d"))?.xml).toBe("ballots were carried off at noon");
  expect(Object.keys(localStorage)).toEqual([]);
});

it("stores what is being written before the key is forgotten", async () => {
  await setPassphrase(PASSPHRASE);
  new Keeping().keep({ ...draft, savedAt: "2", xml: "the last word" }, []);
  await allKept();
  letGoOfKeys();
  await openWith(PASSPHRASE);
  expect((await get<Draft>("drafts", "d"))?.xml).toBe("the last word");
});

it("leaves no bytes of a text twice under the same bytes", async () => {
  await setPassphrase(PASSPHRASE);
  const { leave } = await import("./left.ts");
  const text = () => (JSON.parse(localStorage.getItem("indelible-left-x")!) as { text: string }).text;
  leave("x", "the same text");
  const first = text();
  leave("x", "the same text");
  expect(text()).not.toBe(first);
});

it("asks where the mission wants it and there is no vault; a phone just enrolled takes nothing before", async () => {
  await lookWanted();
  expect([wanted.value, await waitsForPassphrase()]).toEqual([true, true]);
  await put("self", "takenAt", "now");
  expect(await waitsForPassphrase()).toBe(false);
  await setPassphrase(PASSPHRASE);
  await lookWanted();
  expect(wanted.value).toBe(false);
});

it("holds no key that can be taken out of the browser, and makes each guess cost what it should", async () => {
  await setPassphrase(PASSPHRASE);
  const { seal, hide, leave } = keys()!;
  expect([seal, hide, leave].map((key) => key.extractable)).toEqual([false, false, false]);
  expect((await get<Vault>("self", "vault"))?.rounds).toBeGreaterThanOrEqual(600_000);
});

it("takes words, and neither a number, a short text nor one letter over and over", () => {
  expect([unfit("482915"), unfit("4829 1544 0193"), unfit("aaaa aaaa aaaa"), unfit(PASSPHRASE)]).toEqual(["short", "digits", "simple", null]);
  expect(unfit("مالك الحزين تحت الجسر")).toBeNull();
});

it("counts finished reports without a repetition in the vault too", async () => {
  await setPassphrase(PASSPHRASE);
  const add = () =>
    together(async (writes) => {
      const kept = (await get<Kept & { count?: number }>("receipts", "r"))!;
      writes.put("receipts", "r", { ...kept, count: (kept.count ?? 0) + 1 });
    });
  await Promise.all(Array.from({ length: 10 }, add));
  expect((await get<{ count: number }>("receipts", "r"))?.count).toBe(10);
});
