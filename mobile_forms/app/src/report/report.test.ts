import { describe, expect, it } from "vitest";
import type { Draft, Me, Visit } from "../store/nouns.ts";
import { newId, sha256 } from "./identity.ts";
import { correctionOf, keptOf, makeReport } from "./report.ts";

const station = { code: "0471", name: "School 3", address: "", area: "Keshal", registered_voters: 812 };
const deployment = { id: "d", round: "first", kind: "static", station, area: null, expected: {}, with: ["S-1", "S-2"] };
const draft: Draft = {
  id: newId(), mission: "m", checklist: "voting", version: "1", engine: "0.22.0", station, deployment, visit: "v", xml: "",
  photos: [], section: 0, answered: 0, asked: 0, savedAt: "",
};
const visit: Visit = { id: "v", deployment: "d", station: "0471", arrivedAt: "2027-03-14T07:10:00Z", departedAt: null, position: null };
const me: Me = { role: "observer", mission: "m", pseudonym: "S-1", mission_title: "", organisation: null, pledged_at: null, round: null };

describe("a report", () => {
  it("carries the envelope from the screens and the answers from the form", () => {
    const report = JSON.parse(makeReport(draft, visit, me, { id: "p", sequence: 3 }, { queue: 4 }, "2027-03-14T08:00:00Z"));
    expect(report).toMatchObject({ station: "0471", round: "first", observer: "S-1", with: ["S-2"], answers: { queue: 4 } });
    expect(report.device).toEqual({ id: "p", sequence: 3 });
  });

  it("is of the round in which its visit began, whenever it is finished and whatever round is next", () => {
    const begun = { ...visit, round: "first" };
    const later = { ...draft, deployment: { ...deployment, round: "runoff" } };
    const sent = (of: Visit, what: Draft) => JSON.parse(makeReport(what, of, me, { id: "p", sequence: 3 }, {}, "2027-03-28T08:00:00Z"));
    expect(sent(begun, later).round).toBe("first");
    expect(sent(visit, draft).round).toBe("first");
    expect(sent({ ...visit, round: "" }, { ...draft, deployment: { ...deployment, round: "" } })).not.toHaveProperty("round");
  });

  it("leaves out what the phone does not know, instead of sending nothing for it", () => {
    const report = JSON.parse(makeReport(draft, visit, me, { id: "p", sequence: 3 }, {}, "2027-03-14T08:00:00Z"));
    expect(report).not.toHaveProperty("departed_at");
    expect(report).not.toHaveProperty("position");
  });
});

it("names no visit of something that was noticed before any arrival, but when it was", () => {
  const noticed = { at: "2027-03-14T06:00:00Z", position: { lat: 1, lon: 2, accuracy_m: 3 } };
  const place = { ...draft, station: { ...station, code: "" }, visit: "", noticed };
  const report = JSON.parse(makeReport(place, undefined, me, { id: "p", sequence: 3 }, {}, "2027-03-14T06:01:00Z"));
  expect(report).toMatchObject({ arrived_at: noticed.at, position: noticed.position, round: "first" });
  expect(report).not.toHaveProperty("visit");
  expect(report).not.toHaveProperty("station");
});

it("sends a correction as what was sent before with other answers, and no longer says what was taken back", () => {
  const envelope = { checklist: "voting", version: "1", station: "0471", visit: "v", contest: "c" };
  const device = { id: "p", sequence: 4 };
  const sending = { id: "n", replaces: "a", reason: "I mistyped it", device, finalisedAt: "2027-03-14T09:00:00Z" };
  const report = JSON.parse(correctionOf(envelope, sending, { queue: 5 }, { station: null, contest: "d" }));
  expect(report).toEqual({
    checklist: "voting", version: "1", visit: "v", contest: "d", id: "n", replaces: "a", reason: "I mistyped it", device,
    finalised_at: sending.finalisedAt, answers: { queue: 5 },
  });
});

it("takes a report that was sent from elsewhere as it stands, with the newest version's name", () => {
  const receipt = { id: "a", sha256: "", received_at: "2027-03-14T08:00:00Z", sequence: 1, signature: "" };
  const shown = { id: "a", checklist: "voting", station: "0471", status: "received", receipt, answers: { queue: 4 } };
  const outcome = { id: "a", ids: ["b"], checklist: "voting", round: "first", contest: null, received_at: "", status: "received", version: 2, station: "0472", acts: [] };
  const kept = keptOf(shown, outcome);
  expect(JSON.parse(kept.body!)).toEqual({ id: "b", checklist: "voting", station: "0471", answers: { queue: 4 } });
  expect(kept).toMatchObject({ station: "0472", finalisedAt: receipt.received_at });
});

describe("an id", () => {
  it("is a UUIDv7 that sorts by time", () => {
    const [first, second] = [newId(1_000), newId(2_000)];
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first < second).toBe(true);
  });
});

it("hashes text as its UTF-8 bytes", async () => {
  expect(await sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(await sha256("مركز")).toBe(await sha256(new TextEncoder().encode("مركز")));
});
