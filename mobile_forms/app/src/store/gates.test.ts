import { describe, expect, it } from "vitest";
import type { Gates } from "./nouns.ts";
import { nextGate } from "./gates.ts";

const passed: Gates = { declaration: "accepted", pledge: "signed", identity: "missing", briefing: "missing", accreditation: "missing" };

describe("what an observer is asked for next", () => {
  it("is nothing where both gates are passed, whatever else is missing", () => expect(nextGate(passed)).toBeUndefined());
  it("is the pledge first, also to a newer text", () => {
    expect(nextGate({ ...passed, pledge: "outdated", declaration: "missing" })).toBe("pledge");
  });
  it("is the declaration once, and not while somebody reads it", () => {
    expect(nextGate({ ...passed, declaration: "missing" })).toBe("declaration");
    expect(nextGate({ ...passed, declaration: "pending" })).toBeUndefined();
  });
});
