import { expect, it } from "vitest";
import { expectedOf } from "./day.ts";
import type { Deployment } from "./nouns.ts";

const contests = [{ code: "president", name: "President" }, { code: "council", name: "Council" }];
const plan: Deployment = { id: "d", round: "first", kind: "static", station: null, area: null, expected: { results: 1, voting: 3 }, contests, with: [] };

it("expects a protocol for each contest that is voted on there, and anything else as the plan says", () => {
  expect([expectedOf(plan, "results", true), expectedOf(plan, "voting", false), expectedOf(plan, "closing", false)]).toEqual([2, 3, 1]);
  const earlier = { ...plan, contests: undefined };
  expect([expectedOf(earlier, "results", true), expectedOf({ ...plan, contests: [] }, "results", true)]).toEqual([1, 1]);
});
