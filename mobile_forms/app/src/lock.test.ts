import { beforeEach, describe, expect, it, vi } from "vitest";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
});
const { isIdle, locked, removeLock, setLock, unlock, waitSeconds } = await import("./lock.ts");
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
