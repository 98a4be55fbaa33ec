// Did it arrive?
import { Head, Keep, Tabs } from "../parts/frame.tsx";
import { useStored } from "../parts/stored.ts";
import { readDay, type Day } from "../store/day.ts";
import type { Kept, Waiting } from "../store/nouns.ts";
import { clock, inLanguage, t } from "../words.ts";
import { sending } from "../sync/keeper.ts";
import { Unsent } from "../parts/Unsent.tsx";

export function Outbox() {
  const day = useStored(readDay);
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
            {day.waiting.map((each) => <WaitingRow key={each.id} each={each} day={day} />)}
            {kept.map((each) => <KeptRow key={each.receipt.id} each={each} day={day} />)}
          </ul>
        )}
        {day && day.waiting.length > 0 && (
          <>
            <button class="btn" onClick={() => save(day.waiting)}>
              {t("Save to a file")}
            </button>
            <p class="hint">{t("For your coordinator, if this phone finds no network. Photos are not in the file.")}</p>
          </>
        )}
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

const emptyWords = (receipts: number) =>
  receipts === 0
    ? t("Nothing to send yet. A report that you finish stands here until its receipt has come.")
    : t("All sent. Receipts: {count}. Nothing more to do here.", { count: receipts });

function WaitingRow({ each, day }: { each: Waiting; day: Day }) {
  return (
    <li class="row">
      <Keep state={sending.value ? "half" : ""} />
      <span>
        <b>
          <bdi>{each.station}</bdi> {inLanguage(day.titles[each.checklist] ?? { en: each.checklist })}
        </b>
        <i>{waitingWords(each, day)}</i>
      </span>
      <em>{clock(each.finalisedAt)}</em>
    </li>
  );
}

function waitingWords(each: Waiting, day: Day): string {
  if (each.refused !== null) return t("Not taken: {reason} It stays here. Call your coordinator.", { reason: each.refused });
  if (day.me && each.mission !== day.me.mission) {
    return t("For mission {mission}. Ask its coordinator for a new code.", { mission: each.mission });
  }
  return t("Only on this phone");
}

function KeptRow({ each, day }: { each: Kept; day: Day }) {
  return (
    <li class="row">
      <Keep state="full" />
      <span>
        <b>
          <bdi>{each.station}</bdi> {inLanguage(day.titles[each.checklist] ?? { en: each.checklist })}
        </b>
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

/** The unsent reports as a file that a data manager can take in. */
function save(waiting: Waiting[]): void {
  const blob = new Blob([waiting.map((each) => each.body).join("\n") + "\n"], { type: "application/x-ndjson" });
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = `outbox-${new Date().toISOString().slice(0, 16).replace(":", "")}.ndjson`;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}
