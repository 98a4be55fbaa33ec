import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
});
vi.stubGlobal("document", { activeElement: null });
vi.stubGlobal("HTMLElement", class {});
const { beginVault, isIdle, lock, lockNow, locked, removeLock, setLock, unlock, unlockVault, waitSeconds } = await import("./lock.ts");
const { get, put } = await import("./store/database.ts");
const { keys, Locked, vault } = await import("./store/keys.ts");
const MINUTE = 60_000;

beforeEach(removeLock);

describe("the lock", () => {
  it("closes after so many minutes without a touch, and not before", async () => {
    expect(isIdle(Date.now() + 60 * MINUTE)).toBe(false);
    await setLock("4711", 5);
    expect([isIdle(), isIdle(Date.now() + 4 * MINUTE), isIdle(Date.now() + 5 * MINUTE)]).toEqual([false, false, true]);
  });

  it("opens for its PIN alone, which is not kept as it is typed", async () => {
    await setLock("4711", 5);
    locked.value = true;
    expect(await unlock("4712")).toBe(false);
    expect(locked.value).toBe(true);
    expect([...kept.values()].join()).not.toContain("4711");
    expect(await unlock("4711")).toBe(true);
    expect(locked.value).toBe(false);
  });

  it("makes whoever guesses wait, longer each time, and the right PIN too meanwhile", async () => {
    await setLock("4711", 5);
    locked.value = true;
    for (let guess = 0; guess < 5; guess++) expect([waitSeconds(), await unlock("0000")]).toEqual([0, false]);
    expect(waitSeconds()).toBe(30);
    expect(await unlock("4711")).toBe(false);
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ["Date"] });
    expect(await unlock("0000")).toBe(false);
    expect(waitSeconds()).toBe(60);
    vi.useRealTimers();
  });
});

describe("the lock of a phone with a vault", () => {
  it("forgets the key, asks for no PIN that was set before, and slows down whoever guesses", async () => {
    await setLock("4711", 1);
    await put("drafts", "d", { id: "d" });
    await beginVault("grey heron under the bridge");
    expect(lock.value).toEqual({ salt: "", hash: "", minutes: 1 });
    lockNow();
    expect(vault.value).toBe("locked");
    expect(await unlockVault("another heron entirely")).toBe(false);
    expect(keys()).toBeNull();
    await expect(get("drafts", "d")).rejects.toThrow(Locked);
    kept.set("indelible-lock-wrong", JSON.stringify({ count: 5, at: Date.now() }));
    expect(await unlockVault("grey heron under the bridge")).toBe(false);
    kept.set("indelible-lock-wrong", JSON.stringify({ count: 5, at: Date.now() - MINUTE }));
    expect(await unlockVault("grey heron under the bridge")).toBe(true);
    expect([await get("drafts", "d"), waitSeconds()]).toEqual([{ id: "d" }, 0]);
  });
});
