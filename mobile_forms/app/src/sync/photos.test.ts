import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { all, get, put, remove } from "../store/database.ts";
import type { Photo } from "../store/nouns.ts";
import { allowOnce, metered, photosHeld, sendPhotos, tryPhotosAgain } from "./photos.ts";

const photo = (name: string): Photo => ({ name: `${name}.jpg`, blob: new Blob(["12345678"]), report: "r" });

type Answer = (method: string, name: string) => Response;
function answering(answer: Answer) {
  vi.stubGlobal("fetch", vi.fn(async (path: string, init: RequestInit) => answer(init.method ?? "GET", path.split("/").pop()!)));
}
const at = (offset: number, status = 204) => new Response(null, { status, headers: { "Upload-Offset": String(offset) } });

beforeEach(async () => {
  await put("self", "mission", "m");
  await put("receipts", "r", {});
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const each of await all<Photo>("photos")) await remove("photos", each.name);
});

describe("photos", () => {
  it("go on where the upload stood, and leave the phone when they have arrived", async () => {
    await put("photos", "a.jpg", photo("a"));
    const sent: string[] = [];
    vi.stubGlobal("fetch", vi.fn(async (_: string, init: RequestInit) => {
      if (init.method === "HEAD") return at(5);
      sent.push(await new Response(init.body as Blob).text());
      return at(8);
    }));
    await sendPhotos();
    expect(sent).toEqual(["678"]);
    expect(await all("photos")).toEqual([]);
  });

  it("that are refused say why, hold up no other, and are tried again when the observer asks", async () => {
    await put("photos", "a.jpg", photo("a"));
    await put("photos", "b.jpg", photo("b"));
    answering((method, name) => {
      if (method === "HEAD") return at(0);
      return name === "a" ? new Response(JSON.stringify({ code: "not_a_photo", detail: "Cut off." }), { status: 422 }) : at(8);
    });
    await sendPhotos();
    expect((await all<Photo>("photos")).map((each) => [each.name, each.refused])).toEqual([["a.jpg", "Cut off."]]);
    await tryPhotosAgain();
    expect((await get<Photo>("photos", "a.jpg"))?.refused).toBeNull();
  });

  it("stay through a portal's page", async () => {
    await put("photos", "a.jpg", photo("a"));
    answering(() => new Response("<html>", { status: 200 }));
    await expect(sendPhotos()).rejects.toMatchObject({ why: "portal" });
    expect(await all("photos")).toHaveLength(1);
  });

  it("wait on mobile data until the observer allows it", async () => {
    await put("photos", "a.jpg", photo("a"));
    answering((method) => at(method === "HEAD" ? 0 : 8));
    vi.stubGlobal("navigator", { connection: { type: "cellular" } });
    await sendPhotos();
    expect([photosHeld.value, await all("photos")]).toMatchObject([true, [{ name: "a.jpg" }]]);
    allowOnce();
    await sendPhotos();
    expect([photosHeld.value, await all("photos")]).toEqual([false, []]);
  });

  it("make room for a report that waits", async () => {
    await put("photos", "a.jpg", photo("a"));
    answering(() => at(0));
    await sendPhotos(() => true);
    expect(fetch).not.toHaveBeenCalled();
  });

  it("know a network that is paid by what goes over it, where the browser says", () => {
    expect([metered({ type: "cellular" }), metered({ saveData: true }), metered({ type: "wifi" }), metered({}), metered(undefined)])
      .toEqual([true, true, false, false, false]);
  });
});
