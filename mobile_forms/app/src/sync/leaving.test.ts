import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { all, get, put } from "../store/database.ts";
import { forgetInTime } from "../store/forgetting.ts";
import { goOnLeaving, isToBeWiped, lastLeft, mayLeave, signOut, unreceived, wipe } from "./leaving.ts";
import { Refused, Unreachable } from "./server.ts";

const keys = new Map<string, string>();
const storage = new Proxy({} as Record<string, unknown>, {
  get: (_, name) =>
    ({
      getItem: (key: string) => keys.get(key) ?? null,
      setItem: (key: string, value: string) => void keys.set(key, value),
      removeItem: (key: string) => void keys.delete(key),
    })[name as string],
  ownKeys: () => [...keys.keys()],
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
});
const reload = vi.fn();
const told: unknown[] = [];

function answering(status: number) {
  vi.stubGlobal("fetch", vi.fn(async (_: string, init: RequestInit) => {
    told.push(JSON.parse(String(init.body)));
    return new Response(status === 204 ? null : "{}", { status });
  }));
}

beforeEach(async () => {
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("location", { pathname: "/field/", reload });
  vi.stubGlobal("history", { replaceState: () => undefined });
  reload.mockClear();
  told.length = 0;
  keys.clear();
  await put("self", "token", "t");
  await put("self", "mission", "m");
  await put("self", "me", { mission: "m", phone: { forget_hours: 10, wipe: true } });
  await put("receipts", "r", { receipt: { id: "r", received_at: "2027-03-14T08:00:00Z" }, body: "answers" });
  await put("drafts", "d", { id: "d" });
});
afterEach(() => vi.unstubAllGlobals());

describe("a phone that leaves", () => {
  it("may not while something finished is neither received nor in a file", async () => {
    await put("outbox", "a", { id: "a" });
    expect(mayLeave(await unreceived())).toBe(false);
    await put("self", "savedFile", { at: "", reports: ["a"], photos: [] });
    expect(mayLeave(await unreceived())).toBe(true);
  });

  it("keeps nothing of the mission, tells what is lost, and says why it is empty", async () => {
    answering(204);
    keys.set("indelible-language", "ar").set("indelible-lock", "{}");
    await wipe();
    expect(told).toEqual([{ reports: 1, photos: 0, drafts: 1 }]);
    expect(await Promise.all([all("self"), all("receipts"), all("drafts"), all("outbox")])).toEqual([[], [], [], []]);
    expect([...keys.keys()]).toEqual(["indelible-language", "indelible-last-left"]);
    expect([lastLeft()?.why, reload.mock.calls.length]).toEqual(["wiped", 1]);
  });

  it("is wiped only once the server was told, and goes on where the answer was lost", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => { throw new TypeError(); }));
    await expect(wipe()).rejects.toThrow(Unreachable);
    expect(await get("self", "token")).toBe("t");
    await goOnLeaving(new Refused(401, "unauthenticated", ""));
    expect(await all("self")).toEqual([]);
  });

  it("that was only shut out keeps its reports", async () => {
    await goOnLeaving(new Refused(401, "unauthenticated", ""));
    expect(await get("self", "token")).toBe("t");
  });

  it("is signed out without a network too", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => { throw new TypeError(); }));
    await signOut();
    expect([await all("self"), lastLeft()?.why]).toEqual([[], "signed out"]);
  });

  it("forgets at once what was sent where the desk wants it wiped, before all else", async () => {
    expect(await isToBeWiped()).toBe(true);
    expect(await get("receipts", "r")).not.toHaveProperty("body");
  });
});

describe("the answers of what was sent", () => {
  it("leave the phone at the mission's hour, the receipt stays", async () => {
    await forgetInTime(Date.parse("2027-03-14T17:59:00Z"));
    expect(await get("receipts", "r")).toHaveProperty("body");
    await forgetInTime(Date.parse("2027-03-14T18:01:00Z"));
    expect(await get("receipts", "r")).toEqual({ receipt: { id: "r", received_at: "2027-03-14T08:00:00Z" } });
  });
});
