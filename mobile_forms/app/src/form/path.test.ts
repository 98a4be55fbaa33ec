import { expect, it } from "vitest";
import { isOwnPath } from "./path.ts";

it("opens what its own server serves, and nothing else", () => {
  expect(isOwnPath("/missions/m/checklists/voting/1/xform")).toBe(true);
  for (const path of ["//elsewhere.example/x", "https://elsewhere.example/", "/\\elsewhere.example", "javascript:x", ""]) {
    expect(isOwnPath(path)).toBe(false);
  }
});
