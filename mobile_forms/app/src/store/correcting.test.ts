import "fake-indexeddb/auto";
import { beforeEach, expect, it } from "vitest";
import { all, get, put, remove } from "./database.ts";
import { beginCorrection, moveReport, moveVisit, written } from "./correcting.ts";
import { readDay } from "./day.ts";
import type { Deployment, Draft, Kept, Visit, Waiting } from "./nouns.ts";
import { readSent, type Sent } from "./sent.ts";

const station = (code: string) => ({ code, name: "", address: "", area: null, registered_voters: null });
const plan = (id: string, code: string): Deployment => ({
  id, round: "first", kind: "mobile", station: station(code), area: null, expected: { voting: 1 }, with: [],
});
const [first, second] = [plan("d1", "0471"), plan("d2", "0472")];
const sent = { id: "a", checklist: "voting", version: "1", round: "first", visit: "v", station: "0471", answers: { queue: 4 }, reason: "earlier" };
const kept = (body: object): Kept => ({
  receipt: { id: "a", sha256: "", received_at: "2027-03-14T08:00:00Z", sequence: 1, signature: "" }, status: 201, reasons: [], round: "first",
  checklist: "voting", station: "0471", finalisedAt: "2027-03-14T08:00:00Z", body: JSON.stringify(body),
});
const visit: Visit = { id: "v", deployment: "d1", round: "first", station: "0471", arrivedAt: "2027-03-14T07:10:00Z", departedAt: null, position: null };

beforeEach(async () => {
  for (const store of ["drafts", "outbox"] as const) for (const each of await all<{ id: string }>(store)) await remove(store, each.id);
  await put("self", "mission", "m");
  await put("self", "newest", { voting: "1" });
  await put("self", "deployments", [first, second]);
  await put("self", "device", "p");
  await put("visits", "v", visit);
  await put("receipts", "a", kept(sent));
});

it("moves a visit with its drafts, and each finished report as its next version that says why", async () => {
  const draft = { id: "f", visit: "v", station: first.station, deployment: first, checklist: "voting" } as unknown as Draft;
  await put("drafts", "f", draft);
  const report = (await readSent("a")) as Sent;
  await moveVisit(visit, [draft], { deployment: second, station: second.station! }, [report], written("wrong_choice"));
  const [moved] = await all<Visit>("visits");
  expect(moved).toMatchObject({ station: "0472", deployment: "d2", arrivedAt: visit.arrivedAt });
  expect(await get<Draft>("drafts", "f")).toMatchObject({ visit: moved!.id, station: { code: "0472" } });
  const [waiting] = await all<Waiting>("outbox");
  const body = JSON.parse(waiting!.body);
  expect(body).toMatchObject({ replaces: "a", station: "0472", visit: moved!.id, answers: sent.answers, reason: "I chose the wrong one" });
  expect(body.id).toBe(waiting!.id);
  const { stops } = await readDay();
  expect(stops.map((stop) => stop.due[0]!.sent.length)).toEqual([0, 1]);
  await remove("visits", moved!.id);
});

it("begins a correction from what was sent, goes on with one that was begun, and has no reason but its own", async () => {
  const report = (await readSent("a")) as Sent;
  const draft = await beginCorrection(report, "");
  expect(draft).toMatchObject({ visit: "v", station: { code: "0471" }, corrects: { report: "a", replaces: "a", answers: { queue: 4 }, reason: "" } });
  expect(draft!.corrects!.envelope).not.toHaveProperty("reason");
  const again = await beginCorrection(report, written("mistyped"));
  expect([again!.id, again!.corrects!.reason]).toEqual([draft!.id, "I mistyped it"]);
});

it("lets a correction that was begun go on from the version that moved the report meanwhile", async () => {
  const draft = await beginCorrection((await readSent("a")) as Sent, written("mistyped"));
  await moveReport((await readSent("a")) as Sent, { deployment: second, station: second.station! }, null, written("wrong_choice"));
  const [waiting] = await all<Waiting>("outbox");
  expect((await get<Draft>("drafts", draft!.id))?.corrects).toMatchObject({ replaces: waiting!.id, envelope: { station: "0472" }, reason: "I mistyped it" });
});

it("makes one next version of a report, however often the button is pressed", async () => {
  const report = (await readSent("a")) as Sent;
  const move = () => moveReport(report, { deployment: second, station: second.station! }, null, written("wrong_choice"));
  await Promise.all([move(), move()]);
  expect(await all<Waiting>("outbox")).toHaveLength(1);
});

it("lets no report be corrected whose answers the phone no longer has", async () => {
  const { body: _, ...gone } = kept(sent);
  await put("receipts", "a", gone);
  expect(await beginCorrection((await readSent("a")) as Sent, "")).toBeNull();
});

it("writes a reason of one's own as it is said, and no longer than may be sent", () => {
  expect(written("other", " They moved the station ")).toBe("They moved the station");
  expect(written("other", "x".repeat(300))).toHaveLength(200);
});
