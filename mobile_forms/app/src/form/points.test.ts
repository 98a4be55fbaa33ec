import { expect, it } from "vitest";
import { pointsOf, textOf } from "./points.ts";

it("writes an area with its first position again at the end, and reads it back without", () => {
  const text = textOf(["1 2", "1 3", "2 3"], true);
  expect(text).toBe("1 2;1 3;2 3;1 2");
  expect(pointsOf(text, true)).toEqual(["1 2", "1 3", "2 3"]);
});

it("gives no answer while there are too few positions", () => {
  expect([textOf(["1 2"], false), textOf(["1 2", "1 3"], true)]).toEqual(["", ""]);
  expect(textOf(["1 2", "1 3"], false)).toBe("1 2;1 3");
});
