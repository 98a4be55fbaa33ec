import "fake-indexeddb/auto";
import { expect, it, vi } from "vitest";
import { all, get, put } from "./database.ts";
import { readDay } from "./day.ts";
import { begin, deleteDraft, finish, forgetUntouched, keepDraft, nextSequence } from "./drafts.ts";
import type { Draft, Photo, Visit, Waiting } from "./nouns.ts";
import { arrive } from "./visits.ts";

const draft = { id: "d", photos: ["p.jpg"] } as unknown as Draft;
const report = (body: string) => ({ id: "d", body, photos: ["p.jpg"] }) as unknown as Waiting;

it("finishes a report once, whatever a second window does", async () => {
  await put("drafts", "d", draft);
  await finish(report("first"));
  await finish(report("second"));
  expect((await all<Waiting>("outbox")).map((each) => each.body)).toEqual(["first"]);
});

it("does not bring back a draft that was finished in another window", async () => {
  await put("drafts", "d", draft);
  expect(await keepDraft(draft)).toBe(true);
  await finish(report("bytes"));
  expect(await keepDraft(draft)).toBe(false);
  expect(await get("drafts", "d")).toBeUndefined();
});

it("lets a photo go with its report", async () => {
  await put("drafts", "d", draft);
  await put("photos", "p.jpg", { name: "p.jpg", blob: new Blob(), report: null });
  await finish(report("bytes"));
  expect((await get<Photo>("photos", "p.jpg"))?.report).toBe("d");
});

it("deletes a draft with its photos, but for those of a report", async () => {
  await put("drafts", "d", { ...draft, photos: ["mine", "sent"] });
  for (const [name, report] of [["mine", null], ["sent", "r"]] as const) await put("photos", name, { name, blob: new Blob(), report });
  await deleteDraft("d");
  expect(await get("drafts", "d")).toBeUndefined();
  expect([await get("photos", "mine"), await get<Photo>("photos", "sent").then((each) => each?.report)]).toEqual([undefined, "r"]);
});

it("lets a removed photo go, but not one that another draft or a report has", async () => {
  for (const [name, report] of [["mine", null], ["theirs", null], ["sent", "r"]] as const) {
    await put("photos", name, { name, blob: new Blob(), report });
  }
  await put("drafts", "e", { id: "e", photos: ["theirs"] });
  await put("drafts", "d", draft);
  await keepDraft({ ...draft, photos: [] }, ["mine", "theirs", "sent"]);
  const left = (await all<Photo>("photos")).map((each) => each.name);
  expect(left).not.toContain("mine");
  expect(left).toEqual(expect.arrayContaining(["theirs", "sent"]));
});

it("begins a new visit where the open one is of another plan, such as an earlier round's", async () => {
  const station = { code: "0471", name: "", address: "", area: null, registered_voters: null };
  const plan = (id: string, round: string) => ({ id, round, kind: "static", station, area: null, expected: {}, with: [] });
  vi.stubGlobal("navigator", {});
  const first = await arrive(plan("a", "first"), "0471");
  const again = await begin(plan("a", "first"), station, first, "voting");
  const runoff = await begin(plan("b", "runoff"), station, first, "voting");
  expect(again.visit).toBe(first.id);
  expect(runoff.visit).not.toBe(first.id);
  expect((await get<Visit>("visits", runoff.visit))?.round).toBe("runoff");
});

it("counts finished reports without a gap or a repetition, however many ask at once", async () => {
  const counted = await Promise.all(Array.from({ length: 20 }, nextSequence));
  expect(counted.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
});

it("shows no form as a draft that was opened and left without an answer", async () => {
  await put("drafts", "looked", { ...draft, id: "looked", untouched: true });
  await put("drafts", "answered", { ...draft, id: "answered", untouched: false });
  const shown = (await readDay()).drafts.map((each) => each.id);
  expect(shown).not.toContain("looked");
  expect(shown).toContain("answered");
});

it("forgets such a form after a day, and nothing that was answered", async () => {
  const [old, now] = ["2026-06-07T08:00:00.000Z", new Date().toISOString()];
  await put("drafts", "old", { ...draft, id: "old", savedAt: old, untouched: true });
  await put("drafts", "answered", { ...draft, id: "answered", savedAt: old, untouched: false });
  await put("drafts", "new", { ...draft, id: "new", savedAt: now, untouched: true });
  await forgetUntouched();
  const left = (await all<Draft>("drafts")).map((each) => each.id);
  expect(left).not.toContain("old");
  expect(left).toEqual(expect.arrayContaining(["answered", "new"]));
});
