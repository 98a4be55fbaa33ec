import { expect, it } from "vitest";
import { differing } from "./changes.ts";

it("finds the answers that differ, those that were taken away and those that came", () => {
  expect(differing({ queue: 4, setting: "urban", remarks: "x" }, { queue: 5, setting: "urban", rating: "good" })).toEqual(["queue", "remarks", "rating"]);
});

it("holds the order of what was ticked, and a number as text, for no difference", () => {
  expect(differing({ present: ["agents", "police"], queue: 4 }, { present: ["police", "agents"], queue: "4" })).toEqual([]);
});

it("finds a row of a repeat that differs", () => {
  expect(differing({ votes: [{ party: "a", votes: 1 }] }, { votes: [{ party: "a", votes: 2 }] })).toEqual(["votes"]);
});
