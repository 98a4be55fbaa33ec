import "fake-indexeddb/auto";
import { beforeEach, expect, it } from "vitest";
import { NAMES, put, together } from "./database.ts";
import { expectedOf, isDone, readDay } from "./day.ts";
import type { Deployment } from "./nouns.ts";

const contests = [{ code: "president", name: "President" }, { code: "council", name: "Council" }];
const plan: Deployment = { id: "d", round: "first", kind: "static", station: null, area: null, expected: { results: 1, voting: 3 }, contests, with: [] };

const at = (code: string) => ({ code, name: "", address: "", area: null, registered_voters: null });
const kept = (id: string, more: object) => ({ receipt: { id, received_at: "" }, status: 201, reasons: [], round: "first", station: "0471", finalisedAt: "1", body: JSON.stringify({ answers: {} }), ...more });

beforeEach(() => together((writes) => NAMES.forEach((name) => writes.clear(name))));

it("expects a protocol for each contest that is voted on there, and anything else as the plan says", () => {
  expect([expectedOf(plan, "results", true), expectedOf(plan, "voting", false), expectedOf(plan, "closing", false)]).toEqual([2, 3, 1]);
  const earlier = { ...plan, contests: undefined };
  expect([expectedOf(earlier, "results", true), expectedOf({ ...plan, contests: [] }, "results", true)]).toEqual([1, 1]);
});

it("has two marks for two contests, and is done where the door stayed shut", async () => {
  await put("self", "deployments", [{ ...plan, station: at("0471"), expected: { results: 1 } }]);
  await put("self", "newest", { results: "1", access_denied: "1" });
  await put("checklists", "results 1", { name: "results", version: "1", title: {}, per: "contest" });
  const said = (more: object) => JSON.stringify({ answers: {}, ...more });
  await put("receipts", "a", kept("a", { checklist: "results", body: said({ contest: "council" }) }));
  const denied = said({ answers: { access: "denied" } });
  const [due] = (await readDay()).stops.map((stop) => stop.due.map((each) => [each.contest?.code, each.expected, each.sent.length]));
  expect(due).toEqual([["president", 1, 0], ["council", 1, 1]]);
  expect((await readDay()).stops.map(isDone)).toEqual([false]);
  await put("receipts", "b", kept("b", { checklist: "access_denied", body: denied }));
  expect((await readDay()).stops.map(isDone)).toEqual([true]);
});

it("has more due again where something was observed after the door had stayed shut", async () => {
  await put("self", "deployments", [{ ...plan, station: at("0471"), expected: { voting: 2 } }]);
  await put("self", "newest", { voting: "1", access_denied: "1" });
  await put("receipts", "b", kept("b", { checklist: "access_denied", finalisedAt: "2", body: JSON.stringify({ answers: { access: "denied" } }) }));
  await put("receipts", "a", kept("a", { checklist: "voting", finalisedAt: "1" }));
  expect((await readDay()).stops.map(isDone)).toEqual([true]);
  await put("receipts", "c", kept("c", { checklist: "voting", finalisedAt: "3" }));
  await put("self", "deployments", [{ ...plan, station: at("0471"), expected: { voting: 3 } }]);
  expect((await readDay()).stops.map(isDone)).toEqual([false]);
});

it("shows every station that the team came to, and each of which something was sent, though nobody was sent there", async () => {
  await put("self", "deployments", [{ ...plan, station: at("0471"), contests: [] }]);
  await put("self", "newest", { voting: "1" });
  const visit = { id: "v", deployment: "", round: "first", station: "0158", arrivedAt: "1", departedAt: null, position: null };
  await put("visits", "v", visit);
  await put("receipts", "a", kept("a", { checklist: "voting", station: "0159" }));
  const { stops } = await readDay();
  expect(stops.map((stop) => [stop.station!.code, stop.visit?.id ?? null, stop.due.map((each) => each.expected), isDone(stop)])).toEqual([
    ["0471", null, [3], false], ["0158", "v", [3], false], ["0159", null, [1], true],
  ]);
});
