import { expect, it } from "vitest";
import type { Kept, Outcome, Waiting } from "./nouns.ts";
import { sentReports } from "./sent.ts";

const body = (answers: object, more: object = {}) => JSON.stringify({ id: "x", visit: "v", station: "0471", answers, ...more });
const waits = (id: string, at: string, corrects?: string): Waiting => ({
  id, mission: "m", round: "first", body: body({ queue: at }, { device: { id: "p", sequence: Number(at) } }), sha256: "", checklist: "voting", station: "0471", finalisedAt: at, photos: [],
  refused: null, ...(corrects ? { corrects } : {}),
});
const kept = (id: string, at: string, corrects?: string): Kept => ({
  receipt: { id, sha256: "", received_at: at, sequence: Number(at), signature: "" }, status: 201, reasons: [], round: "first", checklist: "voting",
  station: "0471", finalisedAt: at, body: body({ queue: at }), ...(corrects ? { corrects } : {}),
});
const outcome = (id: string, ids: string[], more: Partial<Outcome> = {}): Outcome => ({
  id, ids, checklist: "voting", round: "first", contest: null, received_at: "1", status: "received", version: 1 + ids.length, station: "0472", acts: [], ...more,
});

it("counts a report once, whatever corrects it, and says what its newest version says", () => {
  const [report, ...others] = sentReports([waits("c", "3", "a"), waits("b", "2", "a")], [kept("a", "1")], []);
  expect(others).toEqual([]);
  expect(report).toMatchObject({ id: "a", newest: "c", versions: 3, said: { answers: { queue: "3" } } });
});

it("goes by the order in which versions were finished and received, not by the clock of a phone that is set back", () => {
  const early = { ...waits("b", "2", "a"), finalisedAt: "0" };
  expect(sentReports([early], [kept("a", "1")], [])[0]).toMatchObject({ newest: "b", waiting: { id: "b" } });
});

it("names as the newest what another phone sent since, and not what the server does not know yet", () => {
  expect(sentReports([], [kept("a", "1")], [outcome("a", ["z"])])[0]?.newest).toBe("z");
  expect(sentReports([waits("b", "2", "a")], [kept("a", "1")], [outcome("a", ["z"])])[0]?.newest).toBe("b");
  expect(sentReports([], [kept("a", "1"), kept("b", "2", "a")], [outcome("a", [])])[0]?.newest).toBe("b");
});

it("does not correct a correction that waits for the desk to decide", () => {
  const held = { ...kept("b", "2", "a"), status: 202, reasons: [{ field: "replaces", message: "" }] };
  expect(sentReports([], [kept("a", "1"), held], [outcome("a", [])])[0]?.newest).toBe("a");
});

it("stands where the desk placed it, once the desk has this version", () => {
  expect(sentReports([], [kept("a", "1")], [outcome("a", [])])[0]?.station).toBe("0472");
  expect(sentReports([], [kept("a", "1"), kept("b", "2", "a")], [outcome("a", [])])[0]?.station).toBe("0471");
});

it("says nothing of a report whose bytes are gone or cannot be read, and the day opens all the same", () => {
  const { body: _, ...gone } = kept("a", "1");
  const broken = { ...waits("b", "2"), body: "{" };
  expect(sentReports([broken], [gone], []).map((each) => [each.id, each.said])).toEqual([["b", null], ["a", null]]);
});

it("knows a door that stayed shut from one that was opened late, and what the desk excluded", () => {
  const denied = (access: string) => ({ ...kept("a", "1"), checklist: "access_denied", body: body({ access }) });
  const keptOut = (access: string) => sentReports([], [denied(access)], [])[0]?.keptOut;
  expect([keptOut("denied"), keptOut("closed"), keptOut("let_in_later")]).toEqual([true, true, false]);
  expect(sentReports([], [kept("a", "1")], [outcome("a", [], { status: "quarantined" })])[0]?.excluded).toBe(true);
});

it("knows what another phone sent from the server, once, and that this phone has no answers of it", () => {
  const [own, other, ...more] = sentReports([], [kept("a", "1")], [outcome("a", []), outcome("z", [], { station: "0473", contest: "council" })]);
  expect([own?.id, own?.elsewhere, more]).toEqual(["a", false, []]);
  expect(other).toMatchObject({ id: "z", elsewhere: true, station: "0473", round: "first", contest: "council", said: null, kept: { receipt: { received_at: "1" } } });
});
