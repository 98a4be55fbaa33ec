// Putting a sent report right: other answers, another station. The first version stays.
import { newId, sha256 } from "../report/identity.ts";
import { correctionOf, readBody, whereOf } from "../report/report.ts";
import { key } from "../sync/take.ts";
import { all, get, put, together } from "./database.ts";
import { unlisted } from "./day.ts";
import { emptyDraft, keepNew, nextSequence } from "./drafts.ts";
import type { Checklist, Deployment, Draft, Visit, Waiting } from "./nouns.ts";
import type { Place } from "./places.ts";
import { unplanned } from "./places.ts";
import type { Sent } from "./sent.ts";

/** Why a report is put right, as it is written with the version. */
export const OF_ANSWERS = ["mistyped", "counted_again", "other_station", "other"] as const;
export const OF_PLACES = ["wrong_choice", "other"] as const;
export type Reason = (typeof OF_ANSWERS | typeof OF_PLACES)[number];
/** In the language of the record, for whoever reads the versions. */
const WRITTEN: Record<Reason, string> = {
  mistyped: "I mistyped it",
  counted_again: "It was counted again",
  other_station: "It was another station's",
  wrong_choice: "I chose the wrong one",
  other: "",
};
const LONGEST = 200;

/** The reason as one text: the chosen one, and words of the observer's own. */
export const written = (reason: Reason, words = "") =>
  [WRITTEN[reason], reason === "other" ? words.trim() : ""].filter(Boolean).join(": ").slice(0, LONGEST);

/** Begin a correction, or go on with the one that was begun. Null where the phone no longer has the answers. */
export async function beginCorrection(sent: Sent, reason: string): Promise<Draft | null> {
  if (!sent.said) return null;
  const begun = (await all<Draft>("drafts")).find((each) => each.corrects?.report === sent.id && each.corrects.replaces === sent.newest);
  if (begun) {
    const draft = { ...begun, corrects: { ...begun.corrects!, reason: reason || begun.corrects!.reason } };
    await put("drafts", draft.id, draft);
    return draft;
  }
  const { envelope, answers } = sent.said;
  const blank = await emptyDraft(sent.checklist);
  const here = await get<Checklist>("checklists", key({ name: sent.checklist, version: sent.version }));
  return keepNew({
    ...blank,
    ...(here ? { version: sent.version } : {}),
    ...(await placeOf(sent)),
    visit: typeof envelope.visit === "string" ? envelope.visit : "",
    corrects: { report: sent.id, replaces: sent.newest, envelope, answers, reason, ...(sent.waiting?.code ? { untaken: true } : {}) },
  });
}

async function placeOf(sent: Sent): Promise<{ station: Draft["station"]; deployment: Deployment }> {
  const deployments = (await get<Deployment[]>("self", "deployments")) ?? [];
  const planned = deployments.find((each) => each.station?.code === sent.station && each.round === sent.round);
  return {
    station: planned?.station ?? unlisted(sent.station),
    deployment: planned ?? { ...unplanned(undefined), round: sent.round },
  };
}

/** Say that a report was of another station or contest: a new version, with the same answers. */
export async function moveReport(sent: Sent, place: Place | null, contest: string | null, reason: string, visit?: string): Promise<void> {
  if (!sent.said) return;
  const { envelope, answers } = sent.said;
  const moved = place && { station: null, place: null, ...whereOf(place), visit: visit ?? newId() };
  const changed = { ...moved, ...(contest ? { contest } : {}) };
  const device = { id: (await get<string>("self", "device")) ?? newId(), sequence: await nextSequence() };
  const id = newId();
  const finalisedAt = new Date().toISOString();
  const body = correctionOf(envelope, { id, replaces: sent.newest, reason, device, finalisedAt }, answers, changed);
  const waiting: Waiting = {
    id,
    mission: (await get<string>("self", "mission")) ?? "",
    round: sent.round,
    body,
    sha256: await sha256(body),
    checklist: sent.checklist,
    station: place?.station.code ?? sent.station,
    finalisedAt,
    photos: [],
    refused: null,
    corrects: sent.id,
  };
  const begun = (await all<Draft>("drafts")).filter((each) => each.corrects?.report === sent.id);
  await together(async (writes) => {
    if ((await all<Waiting>("outbox")).some((each) => isNextOf(each, sent))) return;
    writes.put("outbox", id, waiting);
    for (const each of begun) writes.put("drafts", each.id, goingOn(each, waiting, place));
  });
}

/** Whether a version waits that is made from the same one: a version has one next, however often the button is pressed. */
const isNextOf = (waiting: Waiting, sent: Sent) =>
  waiting.corrects === sent.id && waiting.refused === null && (JSON.parse(waiting.body) as { replaces?: string }).replaces === sent.newest;

/** A correction that was begun goes on from the version that was sent meanwhile. */
function goingOn(draft: Draft, sent: Waiting, place: Place | null): Draft {
  const { envelope } = readBody(sent.body)!;
  return { ...draft, ...(place ?? {}), corrects: { ...draft.corrects!, replaces: sent.id, envelope } };
}

/** The visit was at another place: it and its drafts go there, and so do its reports that are named. */
export async function moveVisit(visit: Visit, drafts: Draft[], place: Place, reports: Sent[], reason: string): Promise<void> {
  const there: Visit = { ...visit, id: newId(), deployment: place.deployment.id, station: place.station.code };
  for (const each of reports) await moveReport(each, place, null, reason, there.id);
  await together((writes) => {
    writes.put("visits", there.id, there);
    writes.remove("visits", visit.id);
    for (const each of drafts) {
      writes.put("drafts", each.id, { ...each, visit: there.id, station: place.station, deployment: place.deployment });
    }
  });
}

