import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { put } from "./database.ts";
import { expectedOf, isDone, readDay } from "./day.ts";
import type { Deployment } from "./nouns.ts";

const contests = [{ code: "president", name: "President" }, { code: "council", name: "Council" }];
const plan: Deployment = { id: "d", round: "first", kind: "static", station: null, area: null, expected: { results: 1, voting: 3 }, contests, with: [] };

it("expects a protocol for each contest that is voted on there, and anything else as the plan says", () => {
  expect([expectedOf(plan, "results", true), expectedOf(plan, "voting", false), expectedOf(plan, "closing", false)]).toEqual([2, 3, 1]);
  const earlier = { ...plan, contests: undefined };
  expect([expectedOf(earlier, "results", true), expectedOf({ ...plan, contests: [] }, "results", true)]).toEqual([1, 1]);
});

it("has two marks for two contests, and is done where the door stayed shut", async () => {
  const station = { code: "0471", name: "", address: "", area: null, registered_voters: null };
  await put("self", "deployments", [{ ...plan, station, expected: { results: 1 } }]);
  await put("self", "newest", { results: "1", access_denied: "1" });
  await put("checklists", "results 1", { name: "results", version: "1", title: {}, per: "contest" });
  const kept = { receipt: { id: "a" }, status: 201, reasons: [], round: "first", station: "0471", finalisedAt: "1" };
  const said = (more: object) => JSON.stringify({ answers: {}, ...more });
  await put("receipts", "a", { ...kept, checklist: "results", body: said({ contest: "council" }) });
  const [due] = (await readDay()).stops.map((stop) => stop.due.map((each) => [each.contest?.code, each.expected, each.sent.length]));
  expect(due).toEqual([["president", 1, 0], ["council", 1, 1]]);
  expect((await readDay()).stops.map(isDone)).toEqual([false]);
  await put("receipts", "b", { ...kept, receipt: { id: "b" }, checklist: "access_denied", body: said({ answers: { access: "denied" } }) });
  expect((await readDay()).stops.map(isDone)).toEqual([true]);
});
