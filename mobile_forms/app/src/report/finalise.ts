// A draft becomes a report: bytes, made once, that wait for their receipt.
import type { FormSession } from "../form/session.ts";
import { get } from "../store/database.ts";
import { finish, nextSequence } from "../store/drafts.ts";
import type { Me, Visit, Waiting } from "../store/nouns.ts";
import { newId, sha256 } from "./identity.ts";
import { makeReport, roundOf } from "./report.ts";

/** Put the report into the outbox. Throws where the phone has no room for it: the draft stays. */
export async function finalise(form: FormSession): Promise<void> {
  await form.settled();
  const { draft } = form;
  const [me, visit, device] = await Promise.all([
    get<Me>("self", "me"),
    get<Visit>("visits", draft.visit),
    get<string>("self", "device"),
  ]);
  if (!me || (!visit && !draft.noticed && !draft.corrects)) throw new Error("who and where are not known");
  const at = new Date().toISOString();
  const sequence = await nextSequence();
  const body = makeReport(draft, visit, me, { id: device ?? newId(), sequence }, form.answers, at, form.contest);
  const waiting: Waiting = {
    id: draft.id,
    mission: draft.mission,
    round: roundOf(draft, visit),
    body,
    sha256: await sha256(body),
    checklist: draft.checklist,
    station: draft.station.code,
    finalisedAt: at,
    photos: form.photos,
    refused: null,
    ...(draft.corrects ? { corrects: draft.corrects.report } : {}),
  };
  await finish(waiting);
}
