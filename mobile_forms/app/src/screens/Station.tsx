// What is due at a station, how far it has come, and what comes next there.
import { useState } from "preact/hooks";
import { Keep, type KeepState } from "../parts/frame.tsx";
import { go } from "../route.ts";
import { isDue, type Day, type Due, type Stop } from "../store/day.ts";
import { begin } from "../store/drafts.ts";
import type { Station as StationOf } from "../store/nouns.ts";
import { arrive, leave } from "../store/visits.ts";
import { recount, sending } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";

interface Shown {
  stop: Stop;
  station: StationOf;
  day: Day;
  main: boolean;
}

export function Station({ stop, station, day, main }: Shown) {
  const [another, setAnother] = useState(false);
  const title = (checklist: string) => inLanguage(day.titles[checklist] ?? { en: checklist });
  const open = async (due: Due) => {
    const draft = due.drafts[0] ?? (await begin(stop.deployment, station, stop.visit, due.checklist));
    go({ name: "form", draft: draft.id });
  };
  return (
    <section class="st">
      <h2>
        <span>
          <bdi class="code">{station.code}</bdi> <bdi>{station.name}</bdi>
        </span>
        <span class="when">{when(stop)}</span>
      </h2>
      <ul class="rep">
        {stop.due.map((due) => (
          <li key={due.checklist}>
            <Keep state={state(due)} />
            {due.drafts[0] || isDue(due) || another ? (
              <button class="link" onClick={() => void open(due)}>
                {title(due.checklist)}
              </button>
            ) : (
              <span>{title(due.checklist)}</span>
            )}
            <em>{words(due)}</em>
          </li>
        ))}
      </ul>
      <Next stop={stop} title={title} open={open} main={main} another={another ? null : () => setAnother(true)} />
      <Presence stop={stop} station={station} />
    </section>
  );
}

interface Step {
  stop: Stop;
  title: (checklist: string) => string;
  open: (due: Due) => Promise<void>;
  main: boolean;
  another: (() => void) | null;
}

/** Go on with what is open, start what is due; where nothing is, a report more may be asked for. */
function Next({ stop, title, open, main, another }: Step) {
  const begun = stop.due.find((due) => due.drafts.length > 0);
  const next = begun ?? stop.due.find(isDue);
  if (next) {
    const report = title(next.checklist);
    return (
      <button class={main ? "btn main" : "btn"} onClick={() => void open(next)}>
        {begun ? t("Continue: {report}", { report }) : t("Start: {report}", { report })}
      </button>
    );
  }
  return another && stop.due.length > 0 ? (
    <button class="btn" onClick={another}>
      {t("Add another")}
    </button>
  ) : null;
}

function Presence({ stop, station }: { stop: Stop; station: StationOf }) {
  const { visit } = stop;
  if (visit && !visit.departedAt) {
    return (
      <button class="btn" onClick={() => void leave(visit).then(recount)}>
        {t("I am leaving")}
      </button>
    );
  }
  return (
    <button class="btn" onClick={() => void arrive(stop.deployment, station.code).then(recount)}>
      {t("I have arrived")}
    </button>
  );
}

function state(due: Due): KeepState {
  if (due.drafts.length > 0) return "draft";
  if (due.waiting.length > 0) return sending.value ? "half" : "";
  return isDue(due) ? "none" : "full";
}

function words(due: Due): string {
  const draft = due.drafts[0];
  if (draft) return t("{answered} of {asked} answered", { answered: draft.answered, asked: draft.asked });
  if (due.waiting.some((each) => each.refused !== null)) return t("See the outbox");
  if (due.waiting.length > 0) return t("Only on this phone");
  const last = due.kept.at(-1);
  if (!last) return due.expected > 1 ? t("{count} due", { count: due.expected }) : t("Due");
  const receipt = t("Receipt {time}", { time: clock(last.receipt.received_at) });
  return due.expected > 1 ? `${due.kept.length}/${due.expected} · ${receipt}` : receipt;
}

function when(stop: Stop) {
  if (!stop.visit) return "";
  const arrived = clock(stop.visit.arrivedAt);
  if (stop.visit.departedAt) return <bdi dir="ltr">{`${arrived}–${clock(stop.visit.departedAt)}`}</bdi>;
  return t("Arrived {time}", { time: arrived });
}
