import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { all, get, put, remove } from "../store/database.ts";
import type { Kept, Waiting } from "../store/nouns.ts";
import { sha256 } from "../report/identity.ts";
import { pauseAfter } from "./keeper.ts";
import { giveUp, next, send, tryRefusedAgain, verified } from "./outbox.ts";
import { Unreachable } from "./server.ts";

async function waiting(id: string, finalisedAt = "2027-03-14T08:00:00Z"): Promise<Waiting> {
  const body = JSON.stringify({ id, answers: {} });
  return { id, mission: "m", round: "first", body, sha256: await sha256(body), checklist: "voting", station: "0471", finalisedAt, photos: [], refused: null };
}

const receiptFor = (report: Waiting) => ({
  id: report.id, sha256: report.sha256, received_at: "2027-03-14T08:01:00Z", sequence: 1, signature: "s",
});

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  vi.stubGlobal("fetch", vi.fn(async () => new Response(text, { status, headers })));
}

beforeEach(async () => {
  await put("self", "token", "t");
  await put("self", "mission", "m");
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const report of await all<Waiting>("outbox")) await remove("outbox", report.id);
});

describe("a receipt", () => {
  it("is believed where it names the id and the hash", async () => {
    const report = await waiting("a");
    expect(verified(report, { id: "a", status: 201, receipt: receiptFor(report) })?.receipt.id).toBe("a");
  });

  it("is not believed for another id, other bytes, or another status", async () => {
    const report = await waiting("a");
    const receipt = receiptFor(report);
    expect(verified(report, { id: "a", status: 201, receipt: { ...receipt, id: "b" } })).toBeNull();
    expect(verified(report, { id: "a", status: 201, receipt: { ...receipt, sha256: "0" } })).toBeNull();
    expect(verified(report, { id: "a", status: 409, receipt })).toBeNull();
    expect(verified(report, { id: "a", status: 201 })).toBeNull();
  });
});

describe("the outbox", () => {
  it("lets a report go only for its receipt, and keeps that", async () => {
    const report = await waiting("a");
    await put("outbox", "a", report);
    answerWith(201, { items: [{ id: "a", status: 201, receipt: receiptFor(report) }] });
    await send();
    expect(await all("outbox")).toEqual([]);
    expect((await get<Kept>("receipts", "a"))?.receipt.sha256).toBe(report.sha256);
  });

  it.each([
    ["a portal's page", 200, "<html>hello</html>", { why: "portal" }],
    ["a network that asks for a sign-in", 511, "", { why: "portal" }],
    ["an answer without receipts", 201, { items: [{ id: "a", status: 201 }] }, { code: "no_receipt" }],
    ["an answer for somebody else", 201, { items: [] }, { code: "no_receipt" }],
    ["a busy server", 503, "", { why: "busy" }],
  ])("keeps a report through %s", async (_, status, body, said) => {
    await put("outbox", "a", await waiting("a"));
    answerWith(status, body);
    await expect(send()).rejects.toMatchObject(said);
    expect(await all<Waiting>("outbox")).toHaveLength(1);
  });

  it("keeps what the server refuses, with its reason", async () => {
    await put("outbox", "a", await waiting("a"));
    answerWith(409, { items: [{ id: "a", status: 409, problem: { detail: "Other bytes." } }] });
    await send();
    expect((await get<Waiting>("outbox", "a"))?.refused).toBe("Other bytes.");
  });

  it("sends the oldest first, nothing that was refused, nothing of another mission", async () => {
    const [late, early, refused] = await Promise.all([
      waiting("l", "2027-03-14T09:00:00Z"), waiting("e", "2027-03-14T07:00:00Z"), waiting("r"),
    ]);
    const order = next([late, { ...refused, refused: "no", code: "outdated" }, early, { ...late, id: "o", mission: "other" }], "m");
    expect(order.map((each) => each.id)).toEqual(["e", "l"]);
  });

  it("sends what is urgent before all else", async () => {
    const [early, late] = await Promise.all([waiting("e", "2027-03-14T07:00:00Z"), waiting("l", "2027-03-14T09:00:00Z")]);
    expect(next([early, { ...late, checklist: "incident" }], "m").map((each) => each.id)).toEqual(["l", "e"]);
  });

  it("resends the very same bytes", async () => {
    const report = await waiting("a");
    await put("outbox", "a", report);
    const bodies: string[] = [];
    vi.stubGlobal("fetch", vi.fn(async (_: string, init: RequestInit) => {
      bodies.push(String(init.body));
      return new Response("", { status: 503 });
    }));
    for (let again = 0; again < 3; again++) await expect(send()).rejects.toThrow();
    expect(new Set(bodies)).toEqual(new Set([report.body + "\n"]));
  });

  it("sends each alone where a server blames the whole, and only the guilty one is refused", async () => {
    const [good, bad] = await Promise.all([waiting("good"), waiting("bad", "2027-03-14T09:00:00Z")]);
    for (const each of [good, bad]) await put("outbox", each.id, each);
    const problem = { code: "unprocessable", detail: "Not a report." };
    vi.stubGlobal("fetch", vi.fn(async (_: string, init: RequestInit) => {
      if (String(init.body).includes('"bad"')) return new Response(JSON.stringify(problem), { status: 422 });
      return new Response(JSON.stringify({ items: [{ id: "good", status: 201, receipt: receiptFor(good) }] }), { status: 201 });
    }));
    await send();
    expect((await all<Waiting>("outbox")).map((each) => [each.id, each.refused])).toEqual([["bad", "Not a report."]]);
  });

  it("tries what was refused once more when the observer asks, with the same bytes, and says until then that it was", async () => {
    const report = { ...(await waiting("a")), refused: "no", code: "unprocessable" };
    await put("outbox", "a", report);
    await tryRefusedAgain();
    expect(await get<Waiting>("outbox", "a")).toEqual({ ...report, again: true });
    answerWith(422, { items: [{ id: "a", status: 422, problem: { detail: "no", code: "unprocessable" } }] });
    await send();
    expect(await get<Waiting>("outbox", "a")).toEqual(report);
  });

  it("lets a correction go that was made twice here, once the other has its receipt, and no other", async () => {
    const of = async (id: string, queue: number): Promise<Waiting> => {
      const body = JSON.stringify({ id, replaces: "first", visit: `v-${id}`, device: { id: "p", sequence: 1 }, finalised_at: id, answers: { queue } });
      return { ...(await waiting(id, id)), body, sha256: await sha256(body), corrects: "first" };
    };
    const [one, twin, other] = [await of("one", 4), await of("twin", 4), await of("other", 5)];
    for (const each of [one, twin, other]) await put("outbox", each.id, each);
    await put("photos", "p.jpg", { name: "p.jpg", blob: new Blob(), report: "twin" });
    const outdated = (id: string) => ({ id, status: 409, problem: { code: "outdated", title: "There is a newer version" } });
    answerWith(207, { items: [{ id: "one", status: 201, receipt: receiptFor(one) }, outdated("twin"), outdated("other")] });
    await send();
    expect((await all<Waiting>("outbox")).map((each) => [each.id, each.code])).toEqual([["other", "outdated"]]);
    expect((await get<{ report: string }>("photos", "p.jpg"))?.report).toBe("one");
    await remove("photos", "p.jpg");
  });

  it("lets a report go at the observer's wish only where the server has a newer version and its bytes", async () => {
    const report = await waiting("a");
    for (const [code, left] of [["other_bytes", 1], ["outdated", 0]] as const) {
      await put("outbox", "a", { ...report, refused: "no", code });
      await giveUp("a");
      expect(await all<Waiting>("outbox")).toHaveLength(left);
    }
  });

  it("says that a phone is signed out, and keeps its reports", async () => {
    await put("outbox", "a", await waiting("a"));
    answerWith(401, { code: "unauthenticated" });
    await expect(send()).rejects.toMatchObject({ status: 401 });
    expect(await all<Waiting>("outbox")).toHaveLength(1);
  });
});

describe("waiting for a busy server", () => {
  it("takes at least the time that the server asked for", () => {
    expect(pauseAfter(new Unreachable("busy", 20), 1, 0)).toBe(20_000);
    expect(pauseAfter(new Unreachable("busy", 20), 1, 1)).toBe(30_000);
  });

  it("grows, but not beyond a quarter of an hour", () => {
    expect(pauseAfter(new Unreachable(), 2, 0.5)).toBeGreaterThan(pauseAfter(new Unreachable(), 1, 0.5));
    expect(pauseAfter(new Unreachable(), 40, 1)).toBe(900_000);
  });
});
