import { describe, expect, it } from "vitest";
import type { Gates } from "./nouns.ts";
import { asksDeclaration, nextGate } from "./gates.ts";

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

describe("a declaration", () => {
  it("is not asked for again once it is accepted, nor while somebody reads it", () => {
    expect(asksDeclaration(passed)).toBe(false);
    expect(asksDeclaration({ ...passed, pledge: "missing" })).toBe(false);
    expect(asksDeclaration({ ...passed, declaration: "pending" })).toBe(false);
  });
  it("is asked for where there is none, and may be made anew where it was refused", () => {
    expect(asksDeclaration({ ...passed, declaration: "missing" })).toBe(true);
    expect(asksDeclaration({ ...passed, declaration: "refused" })).toBe(true);
    expect(asksDeclaration(undefined)).toBe(true);
  });
});
