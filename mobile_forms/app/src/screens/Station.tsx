// What is due at a station, how far it has come, and what comes next there.
import { useState } from "preact/hooks";
import { Keep } from "../parts/frame.tsx";
import { sentState, sentWords } from "../parts/sentWords.ts";
import { go } from "../route.ts";
import { isDue, isHere, type Day, type Due, type Stop } from "../store/day.ts";
import { begin } from "../store/drafts.ts";
import type { Draft, Station as StationOf } from "../store/nouns.ts";
import type { Sent } from "../store/sent.ts";
import { arrive, leave } from "../store/visits.ts";
import { recount } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";

interface Shown {
  stop: Stop;
  station: StationOf;
  day: Day;
  main: boolean;
  /** Whether the row above names the station already. */
  inRow?: boolean;
}

export function Station({ stop, station, day, main, inRow = false }: Shown) {
  const [another, setAnother] = useState(false);
  const title = (due: Due) => titleOf(day, due);
  const open = async (due: Due, draft?: Draft) => {
    const begun = draft ?? due.drafts[0] ?? (await begin(stop.deployment, station, stop.visit, due.checklist, due.contest?.code));
    go({ name: "form", draft: begun.id });
  };
  return (
    <section class="st">
      {!inRow && (
        <h2>
          <span>
            <bdi class="code">{station.code}</bdi> <bdi>{station.name}</bdi>
          </span>
          <span class="when">{when(stop)}</span>
        </h2>
      )}
      {inRow && when(stop) && <p class="under">{when(stop)}</p>}
      <ul class="rep">
        {stop.denied && <Finished sent={stop.denied} title={t("Access denied")} day={day} />}
        {stop.due.flatMap((due) => [
          ...due.sent.map((sent) => <Finished key={sent.id} sent={sent} title={title(due)} day={day} />),
          ...due.drafts.map((draft) => <Begun key={draft.id} draft={draft} title={title(due)} open={() => void open(due, draft)} />),
          (isStillDue(due) && !stop.denied) || another ? <Wanted key={due.checklist + (due.contest?.code ?? "")} due={due} title={title(due)} open={() => void open(due)} /> : null,
        ])}
        {stop.excluded.map((sent) => (
          <Finished key={sent.id} sent={sent} title={titleOf(day, { checklist: sent.checklist, contest: null })} day={day} />
        ))}
      </ul>
      <Next stop={stop} title={title} open={open} main={main} another={another ? null : () => setAnother(true)} />
      <Presence stop={stop} station={station} />
    </section>
  );
}

/** Whether one more than was finished or begun is expected. */
const isStillDue = (due: Due) => due.sent.length + due.drafts.length < due.expected;

function titleOf(day: Day, due: Pick<Due, "checklist" | "contest">): string {
  const report = inLanguage(day.titles[due.checklist] ?? { en: due.checklist });
  return due.contest ? t("{report}: {contests}", { report, contests: due.contest.name }) : report;
}

function Finished({ sent, title, day }: { sent: Sent; title: string; day: Day }) {
  const begun = day.drafts.some((each) => each.corrects?.report === sent.id);
  return (
    <li>
      <Keep state={sentState(sent)} />
      <button class="link" onClick={() => go({ name: "report", report: sent.id })}>
        {title}
      </button>
      <em>{begun ? t("Correction not sent yet") : finishedWords(sent)}</em>
    </li>
  );
}

function finishedWords(sent: Sent): string {
  if (sent.excluded) return t("Excluded by the desk");
  return sent.versions > 1 ? t("Version {number}. {words}", { number: sent.versions, words: sentWords(sent) }) : sentWords(sent);
}

function Begun({ draft, title, open }: { draft: Draft; title: string; open: () => void }) {
  return (
    <li>
      <Keep state="draft" />
      <button class="link" onClick={open}>
        {title}
      </button>
      <em>{t("{answered} of {asked} answered", { answered: draft.answered, asked: draft.asked })}</em>
    </li>
  );
}

function Wanted({ due, title, open }: { due: Due; title: string; open: () => void }) {
  const lacking = due.expected - due.sent.length - due.drafts.length;
  return (
    <li>
      <Keep state="none" />
      <button class="link" onClick={open}>
        {title}
      </button>
      <em>{lacking > 1 ? t("{count} due", { count: lacking }) : lacking === 1 ? t("Due") : ""}</em>
    </li>
  );
}

interface Step {
  stop: Stop;
  title: (due: Due) => string;
  open: (due: Due) => Promise<void>;
  main: boolean;
  another: (() => void) | null;
}

/** Go on with what is open, start what is due; where nothing is, a report more may be asked for. */
function Next({ stop, title, open, main, another }: Step) {
  const begun = stop.due.find((due) => due.drafts.length > 0);
  const next = begun ?? (stop.denied ? undefined : stop.due.find(isDue));
  if (next) {
    const report = title(next);
    return (
      <button class={main ? "btn main" : "btn"} onClick={() => void open(next)}>
        {begun ? t("Continue: {report}", { report }) : t("Start: {report}", { report })}
      </button>
    );
  }
  return another && stop.due.length > 0 ? (
    <>
      <p class="under">{t("Nothing more is due here.")}</p>
      <button class="btn" onClick={another}>
        {t("Add another")}
      </button>
    </>
  ) : null;
}

function Presence({ stop, station }: { stop: Stop; station: StationOf }) {
  const { visit } = stop;
  if (visit && isHere(stop)) {
    return (
      <div class="pair">
        <button class="btn" onClick={() => void leave(visit).then(recount)}>
          {t("I am leaving")}
        </button>
        <button class="btn" onClick={() => go({ name: "wrong", visit: visit.id })}>
          {t("Wrong station?")}
        </button>
      </div>
    );
  }
  return (
    <button class="btn" onClick={() => void arrive(stop.deployment, station.code).then(recount)}>
      {t("I have arrived")}
    </button>
  );
}

function when(stop: Stop) {
  if (!stop.visit) return "";
  const arrived = clock(stop.visit.arrivedAt);
  if (stop.visit.departedAt) return <bdi dir="ltr">{`${arrived}–${clock(stop.visit.departedAt)}`}</bdi>;
  return t("Arrived {time}", { time: arrived });
}
