import { expect, it } from "vitest";
import { kilometres } from "./distance.ts";

it("tells whole kilometres as the crow flies, and nothing where a position is not known", () => {
  expect(kilometres({ lat: 42, lon: 44 }, { lat: 42.5, lon: 44 })).toBe(56);
  expect(kilometres({ lat: 42, lon: 44 }, { lat: null, lon: 44 })).toBeNull();
});
