import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { all, put } from "../store/database.ts";
import { readCalls } from "../store/desk.ts";
import type { Waiting } from "../store/nouns.ts";
import { link, sync } from "./keeper.ts";

const CALL = { id: "m", kind: "safety", text: "Are you safe?", sent_at: "2026-11-08T10:00:00Z", seen_at: null, answer: null };
const REPORT = { id: "w", mission: "v", body: '{"id":"w"}', checklist: "voting", station: "0471", finalisedAt: "1", photos: [], refused: null };

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks for calls for safety while the server is too busy to take a report, which is kept", async () => {
  await put("self", "mission", "v");
  await put("self", "token", "t");
  await put("outbox", "w", REPORT as unknown as Waiting);
  vi.stubGlobal("fetch", (address: string) =>
    Promise.resolve(
      address.endsWith("/messages")
        ? Response.json({ items: [CALL], next: null })
        : Response.json({ code: "unavailable" }, { status: 503, headers: { "Retry-After": "5" } }),
    ),
  );
  await sync();
  expect(link.value).toBe("busy");
  expect((await readCalls()).map((each) => each.id)).toEqual(["m"]);
  expect(await all("outbox")).toHaveLength(1);
});
