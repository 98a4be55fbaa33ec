import { expect, it } from "vitest";
import { readDecimal, readWhole } from "./typed.ts";

it("reads whole numbers in the digits of any keyboard, and spaces between thousands", () => {
  expect(["412", "٢٠١", "۲۰۱", "1 204", "0007", ""].map(readWhole)).toEqual(["412", "201", "201", "1204", "0007", ""]);
});

it("makes no number of what is none: nothing is left out of it", () => {
  expect(["12a3", "1.5", "-5", "1,204", "1234567890"].map(readWhole)).toEqual([null, null, null, null, null]);
  expect(["12a3", "1.2.3", "-", "."].map(readDecimal)).toEqual([null, null, null, null]);
});

it("reads numbers with a point or a comma", () => {
  expect(["1.5", "1,5", "١٫٥", "-5", "7.", ""].map(readDecimal)).toEqual(["1.5", "1.5", "1.5", "-5", "7", ""]);
});
