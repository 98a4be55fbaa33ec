// A report that was finished: what the desk asks of it, what it did with it, and putting it right.
import { useEffect, useState } from "preact/hooks";
import { Keep } from "../parts/frame.tsx";
import { OwnPhotos } from "../parts/OwnPhotos.tsx";
import { PlaceList } from "../parts/PlaceList.tsx";
import { isDecided, sentState, sentWords, statusWords } from "../parts/sentWords.ts";
import { useStored } from "../parts/stored.ts";
import { Top } from "../parts/Top.tsx";
import { Why } from "../parts/Why.tsx";
import { go } from "../route.ts";
import { beginCorrection, moveReport, OF_ANSWERS, OF_PLACES } from "../store/correcting.ts";
import { readDay, type Day } from "../store/day.ts";
import { readDesk, type AskedTask } from "../store/desk.ts";
import type { Place } from "../store/places.ts";
import { readSent, type Sent } from "../store/sent.ts";
import { isUrgent } from "../store/urgent.ts";
import { bring } from "../sync/desk.ts";
import { recount, sync } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";
import { Question } from "./TaskQuestion.tsx";

export function Report({ id, asked }: { id: string; asked?: string }) {
  const day = useStored(readDay);
  const desk = useStored(readDesk);
  const sent = useStored(() => readSent(id).then((found) => found ?? null));
  const elsewhere = sent?.elsewhere === true;
  useEffect(() => {
    if (elsewhere) void bring(id).then(recount);
  }, [elsewhere]);
  if (!day || !desk || sent === undefined) return null;
  const tasks = desk.tasks.filter((each) => each.report === id);
  const task = tasks.find((each) => each.id === asked) ?? tasks[0];
  return (
    <div class="form report">
      <Top title={titleOf(day, sent, task)} under={underOf(sent, task)} back={() => go({ name: "day" })} />
      {task && <Question key={task.id} task={task} sent={sent} />}
      {sent ? <About sent={sent} day={day} asked={task !== undefined} /> : !task && <main><p class="empty">{t("This report is not on this phone.")}</p></main>}
    </div>
  );
}

function titleOf(day: Day, sent: Sent | null, task: AskedTask | undefined): string {
  const checklist = sent?.checklist ?? task?.checklist ?? "";
  const report = inLanguage(day.titles[checklist] ?? task?.title ?? { en: checklist }) || checklist;
  const contests = day.stops.flatMap((stop) => stop.deployment.contests ?? []);
  const contest = sent?.contest && contests.find((each) => each.code === sent.contest)?.name;
  return contest ? t("{report}: {contests}", { report, contests: contest }) : report;
}

function underOf(sent: Sent | null, task: AskedTask | undefined): string {
  const station = sent?.station || task?.station;
  const words = sent ? sentWords(sent) : task ? t("Received {time}", { time: clock(task.received_at) }) : "";
  return station ? `${t("Station {code}", { code: station })}. ${words}` : words;
}

type Opened = "answer" | "place" | null;

function About({ sent, day, asked }: { sent: Sent; day: Day; asked: boolean }) {
  const [opened, setOpened] = useState<Opened>(null);
  const toggle = (what: Opened) => setOpened(opened === what ? null : what);
  const begun = asked ? undefined : day.drafts.find((each) => each.corrects?.report === sent.id);
  const details = isUrgent(sent.checklist) && sent.versions === 1 && !asked && !begun;
  return (
    <main>
      {!asked && <Stands sent={sent} />}
      {details && sent.checklist === "access_denied" && (
        <p class="lead">{t("Stay near if it is safe, and call your coordinator. If you are let in later, start a report on the day.")}</p>
      )}
      {begun && (
        <button class="btn main wide" onClick={() => go({ name: "form", draft: begun.id })}>
          {t("Continue the correction")}
        </button>
      )}
      {details && sent.said && (
        <button class="btn main wide" onClick={() => void correct(sent, "")}>
          {t("Add details")}
        </button>
      )}
      {details && (
        <button class="btn wide" onClick={() => go({ name: "day" })}>
          {t("Back to the day")}
        </button>
      )}
      <h2 class="title">{t("More about this report")}</h2>
      <ul class="list">
        {sent.said && !begun && (
          <li>
            <button class="row" aria-expanded={opened === "answer"} onClick={() => toggle("answer")}>
              <span>{asked ? t("Correct another answer") : t("Correct an answer")}</span>
            </button>
            {opened === "answer" && <CorrectAnswer sent={sent} />}
          </li>
        )}
        {sent.said && (
          <li>
            <button class="row" aria-expanded={opened === "place"} onClick={() => toggle("place")}>
              <span>{t("It was another station or contest")}</span>
            </button>
            {opened === "place" && <Move sent={sent} day={day} />}
          </li>
        )}
        <li>
          <OwnPhotos sent={sent} />
        </li>
        <li>
          <DeskDid sent={sent} />
        </li>
      </ul>
      {!sent.said && <p class="hint">{sent.elsewhere ? t("Sent from another phone, or from this one before. Its answers come here with network.") : t("The answers are no longer on this phone. Call your coordinator to correct them.")}</p>}
    </main>
  );
}

function Stands({ sent }: { sent: Sent }) {
  const words = sent.waiting && sent.waiting.refused === null && isUrgent(sent.checklist) ? t("Kept. Sends first when there is network.") : `${sentWords(sent)}.`;
  return (
    <p class="stands" role="status">
      <Keep state={sentState(sent)} />
      <span>
        {words} {statusWords(sent)}
      </span>
    </p>
  );
}

/** What becomes of a correction, before it is sent. */
export function becomes(sent: Sent): string {
  if (isDecided(sent)) return t("Goes to the desk to decide.");
  const version = Math.max(sent.versions, sent.outcome?.version ?? 0);
  return t("Version {now} stays. This becomes version {next}.", { now: version, next: version + 1 });
}

async function correct(sent: Sent, reason: string): Promise<void> {
  const draft = await beginCorrection(sent, reason);
  if (draft) go({ name: "form", draft: draft.id });
}

function CorrectAnswer({ sent }: { sent: Sent }) {
  const [reason, setReason] = useState("");
  return (
    <div class="inner">
      <Why id="why-answer" title={t("Why was it different?")} reasons={OF_ANSWERS} say={setReason} />
      <p class="hint">{becomes(sent)}</p>
      <button class="btn main wide" onClick={() => (reason ? void correct(sent, reason) : document.getElementById("why-answer")?.focus())}>
        {reason ? t("Open the form") : t("Say why first")}
      </button>
    </div>
  );
}

function Move({ sent, day }: { sent: Sent; day: Day }) {
  const [place, setPlace] = useState<Place>();
  const [contest, setContest] = useState<{ code: string; name: string }>();
  const [reason, setReason] = useState("");
  const contests = contestsAt(day, sent).filter((each) => each.code !== sent.contest);
  const chosen = place ? `${place.station.code} ${place.station.name}` : contest?.name;
  const send = async () => {
    await moveReport(sent, place ?? null, contest?.code ?? null, reason);
    await recount();
    go({ name: "day" });
    void sync();
  };
  if (chosen === undefined) {
    return (
      <div class="inner">
        {contests.length > 0 && (
          <ul class="list">
            {contests.map((each) => (
              <li key={each.code}>
                <button class="row" onClick={() => setContest(each)}>
                  <span>
                    <b>{each.name}</b>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <PlaceList day={day} except={sent.station} choose={setPlace} />
      </div>
    );
  }
  return (
    <div class="inner">
      <p>
        {t("It was")} <b dir="auto">{chosen}</b>{" "}
        <button
          class="link"
          onClick={() => {
            setPlace(undefined);
            setContest(undefined);
          }}
        >
          {t("Change")}
        </button>
      </p>
      <Why id="why-place" title={t("Why was it different?")} reasons={OF_PLACES} say={setReason} />
      <p class="hint">{becomes(sent)}</p>
      <button class="btn main wide" onClick={() => (reason ? void send() : document.getElementById("why-place")?.focus())}>
        {reason ? t("Send correction") : t("Say why first")}
      </button>
    </div>
  );
}

/** The contests that are voted on where the report is from, if it is of one. */
function contestsAt(day: Day, sent: Sent): { code: string; name: string }[] {
  const stop = day.stops.find((each) => each.station?.code === sent.station);
  return stop?.due.some((due) => due.checklist === sent.checklist && due.contest) ? (stop.deployment.contests ?? []) : [];
}

function DeskDid({ sent }: { sent: Sent }) {
  const acts = sent.outcome?.acts ?? [];
  const changed = acts.some((each) => each.act === "corrected" || each.act === "placed");
  const last = acts.at(-1);
  if (!last) {
    return (
      <div class="row">
        <span>
          {t("What the desk did")}
          <i>{t("Nothing so far.")}</i>
        </span>
      </div>
    );
  }
  return (
    <details class="did">
      <summary>
        <span>
          {t("What the desk did")}
          <i>{`${clock(last.at)} ${actWords(last.act, sent)}`}</i>
        </span>
      </summary>
      <ul>
        {acts.map((each) => (
          <li key={each.at + each.act}>
            <bdi dir="ltr">{clock(each.at)}</bdi> {actWords(each.act, sent)}
          </li>
        ))}
      </ul>
      {!changed && acts.length > 0 && <p class="hint">{t("No answer was changed.")}</p>}
      {statusWords(sent) && <p class="hint">{statusWords(sent)}</p>}
    </details>
  );
}

function actWords(act: string, sent: Sent): string {
  if (act === "asked") return t("asked you to check it");
  if (act === "corrected") return t("corrected an answer");
  if (act === "placed") return sent.outcome?.station ? t("moved it to station {code}", { code: sent.outcome.station }) : t("placed it");
  if (act === "accepted") return t("let it count");
  return t("decided on it");
}
