import "fake-indexeddb/auto";
import { beforeEach, expect, it, vi } from "vitest";
import { all, get, put } from "./database.ts";
import { Keeping, leaveBehind, takeUp } from "./keeping.ts";
import type { Draft, Photo } from "./nouns.ts";

const draft = (xml: string, photos: string[] = []) =>
  ({ id: "d", xml, photos, savedAt: `2026-06-07T08:00:0${xml}Z` }) as unknown as Draft;

/** Storage as a browser's: the names of what is stored are its own keys. */
function storage(): Storage {
  const methods = {
    getItem: (name: string) => kept[name] ?? null,
    setItem: (name: string, value: string) => void (kept[name] = value),
    removeItem: (name: string) => void delete kept[name],
  };
  const kept: Record<string, string> = Object.create(methods);
  return kept as unknown as Storage;
}

beforeEach(async () => {
  vi.stubGlobal("localStorage", storage());
  await put("drafts", "d", draft("0"));
});

it("says that it saves until the newest change is stored", async () => {
  const keeping = new Keeping();
  for (const xml of ["1", "2", "3"]) keeping.keep(draft(xml), []);
  expect(keeping.saving.value).toBe(true);
  await keeping.settled();
  expect(keeping.saving.value).toBe(false);
  expect((await get<Draft>("drafts", "d"))?.xml).toBe("3");
  expect(keeping.savedAt.value).toBe(draft("3").savedAt);
});

it("loses nothing where the page closes before the newest change is stored", async () => {
  await put("photos", "p.jpg", { name: "p.jpg", blob: new Blob(), report: null });
  const keeping = new Keeping();
  keeping.keep(draft("1"), ["p.jpg"]);
  keeping.keep(draft("2"), []);
  leaveBehind();
  const left = { ...localStorage };
  await keeping.settled();
  expect(Object.keys(localStorage)).toEqual([]);
  // As if the page had gone before any write.
  Object.assign(localStorage, left);
  await put("drafts", "d", draft("0", ["p.jpg"]));
  await put("photos", "p.jpg", { name: "p.jpg", blob: new Blob(), report: null });
  await takeUp();
  expect((await get<Draft>("drafts", "d"))?.xml).toBe("2");
  expect(await all<Photo>("photos")).toEqual([]);
  expect(Object.keys(localStorage)).toEqual([]);
});

it("takes up nothing that is older than what is stored, or of a draft that was finished", async () => {
  const keeping = new Keeping();
  keeping.keep(draft("1"), []);
  leaveBehind();
  const left = { ...localStorage };
  await keeping.settled();
  await put("drafts", "d", draft("4"));
  Object.assign(localStorage, left, { "indelible-left-f": JSON.stringify({ draft: { ...draft("1"), id: "f" }, removed: [] }) });
  await takeUp();
  expect((await get<Draft>("drafts", "d"))?.xml).toBe("4");
  expect(await get("drafts", "f")).toBeUndefined();
});

it("keeps a photo that was removed and taken again before the removal was stored", async () => {
  await put("photos", "p.jpg", { name: "p.jpg", blob: new Blob(), report: null });
  const keeping = new Keeping();
  keeping.keep(draft("1", ["p.jpg"]), []);
  keeping.keep(draft("2"), ["p.jpg"]);
  keeping.keep(draft("3", ["p.jpg"]), []);
  await keeping.settled();
  expect((await all<Photo>("photos")).map((each) => each.name)).toEqual(["p.jpg"]);
});
