import { expect, it } from "vitest";
import { carried } from "./answers.ts";
import { fromLocal, toLocal } from "./moments.ts";

it("keeps an instant with the zone that held here, and shows it again as it was typed", () => {
  const kept = fromLocal("dateTime", "2027-03-14T08:15");
  expect(kept).toMatch(/^2027-03-14T08:15:00[+-]\d\d:\d\d$/);
  expect(toLocal("dateTime", kept)).toBe("2027-03-14T08:15");
  expect(toLocal("time", fromLocal("time", "08:15"))).toBe("08:15");
  expect(toLocal("dateTime", "")).toBe("");
});

it("leaves out of a text only what no report can carry", () => {
  expect(carried("a\u0000b\ud800c")).toBe("abc");
  expect(carried("مركز 😀\n1")).toBe("مركز 😀\n1");
});
