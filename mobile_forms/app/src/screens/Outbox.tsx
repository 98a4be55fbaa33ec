// Did it arrive?
import { Head, Keep, Tabs } from "../parts/frame.tsx";
import { useStored } from "../parts/stored.ts";
import { readDay, type Day } from "../store/day.ts";
import type { Kept, Waiting } from "../store/nouns.ts";
import { clock, inLanguage, t } from "../words.ts";
import { sending, unsentPhotos } from "../sync/keeper.ts";
import { linkWords } from "../parts/linkWords.ts";
import { readSaved, SaveToFile, TakeReceipts } from "../parts/OutboxFile.tsx";
import { Refused } from "../parts/Refused.tsx";
import { PhotosToSend } from "../parts/PhotosToSend.tsx";
import { Unsent } from "../parts/Unsent.tsx";

/** `receipts`: an address that brings some. */
export function Outbox({ receipts }: { receipts?: string }) {
  const day = useStored(readDay);
  const saved = useStored(readSaved)?.reports ?? [];
  const kept = [...(day?.kept ?? [])].sort((a, b) => b.receipt.received_at.localeCompare(a.receipt.received_at));
  return (
    <>
      <Head me={day?.me} />
      <main>
        <Unsent />
        <h1>{t("Outbox")}</h1>
        {day && day.waiting.length === 0 && (
          <p class="empty">{emptyWords(kept.length)}</p>
        )}
        {day && (
          <ul class="list">
            {day.waiting.map((each) => <WaitingRow key={each.id} each={each} day={day} saved={saved.includes(each.id)} />)}
            {kept.map((each) => <KeptRow key={each.receipt.id} each={each} day={day} />)}
          </ul>
        )}
        <PhotosToSend />
        {day && day.waiting.length > 0 && <SaveToFile />}
        {day && (day.waiting.length > 0 || saved.length > 0 || receipts) && <TakeReceipts given={receipts} />}
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

function emptyWords(receipts: number): string {
  if (receipts === 0) return t("Nothing to send yet. A report that you finish stands here until its receipt has come.");
  if (unsentPhotos.value > 0) return t("All reports sent. Receipts: {count}. Photos follow.", { count: receipts });
  return t("All sent. Receipts: {count}. Nothing more to do here.", { count: receipts });
}

function WaitingRow({ each, day, saved }: { each: Waiting; day: Day; saved: boolean }) {
  const goes = each.refused === null && each.mission === day.me?.mission;
  return (
    <li>
      <div class="row">
        <Keep state={goes && sending.value ? "half" : ""} />
        <span>
          <b>{reportOf(each, day)}</b>
          {each.refused === null && <i>{waitingWords(each, day)}</i>}
          {saved && <i>{t("In the file. Waits for its receipt.")}</i>}
        </span>
        <em>{clock(each.finalisedAt)}</em>
      </div>
      {each.refused !== null && <Refused each={each} />}
    </li>
  );
}

/** Which report it is; a correction says so: two rows of one report are told apart. */
function reportOf({ station, checklist, corrects }: Waiting | Kept, day: Day) {
  return (
    <>
      <bdi>{station}</bdi> {inLanguage(day.titles[checklist] ?? { en: checklist })}
      {corrects && ` (${t("a correction")})`}
    </>
  );
}

function waitingWords(each: Waiting, day: Day): string {
  if (day.me && each.mission !== day.me.mission) {
    return t("For mission {mission}. Ask its coordinator for a new code.", { mission: each.mission });
  }
  return linkWords() || t("Only on this phone");
}

function KeptRow({ each, day }: { each: Kept; day: Day }) {
  return (
    <li class="row">
      <Keep state="full" />
      <span>
        <b>{reportOf(each, day)}</b>
        <i>
          {t("Received. Receipt {code}, {time}", { code: each.receipt.sha256.slice(0, 4), time: clock(each.receipt.received_at) })}
        </i>
        {each.status === 202 && (
          <i>
            {t("We cannot place this report yet. {reasons}", { reasons: each.reasons.map((reason) => reason.message).join(" ") })}
          </i>
        )}
      </span>
    </li>
  );
}
