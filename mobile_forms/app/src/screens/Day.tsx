// What now, and is all safe?
import { useState } from "preact/hooks";
import { Head, Keep, Tabs, type KeepState } from "../parts/frame.tsx";
import { useStored } from "../parts/stored.ts";
import { go } from "../route.ts";
import { Unsent } from "../parts/Unsent.tsx";
import { readDay, unlisted, type Day as DayOf, type Due, type Stop } from "../store/day.ts";
import { begin } from "../store/drafts.ts";
import type { Deployment, Station as StationOf } from "../store/nouns.ts";
import { arrive, leave } from "../store/visits.ts";
import { link, recount, sending } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";

export function Day() {
  const day = useStored(readDay);
  const main = day && mainStop(day.stops);
  return (
    <>
      <Head me={day?.me} />
      <main>
        <Unsent />
        {link.value === "signed out" && (
          <p class="say" role="alert">
            {t("This phone is no longer signed in. Reports stay here. Ask your coordinator for a new code.")}{" "}
            <a href="#enrol">{t("Type a code")}</a>
          </p>
        )}
        {day && day.stops.length === 0 && <p class="empty">{emptyWords(day)}</p>}
        {day?.stops.map((stop) =>
          stop.station ? (
            <Station key={stop.deployment.id + stop.station.code} stop={stop} station={stop.station} day={day} main={stop === main} />
          ) : (
            <Roaming key={stop.deployment.id} deployment={stop.deployment} />
          ),
        )}
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

/** The one stop whose next step is the main button: where the observer is, else the next place. */
function mainStop(stops: Stop[]): Stop | undefined {
  const placed = stops.filter((stop) => stop.station);
  return (
    placed.find((stop) => stop.visit && !stop.visit.departedAt) ??
    placed.find((stop) => stop.due.some((due) => due.drafts.length > 0)) ??
    placed.find((stop) => stop.due.some((due) => done(due) < due.expected))
  );
}

function emptyWords(day: DayOf): string {
  if (!day.taken) return t("Your stations are not on this phone yet. Open the app once where there is network.");
  return t("No station today. Call your coordinator.");
}

/** For a team that is sent to an area: it names the station where it is. */
function Roaming({ deployment }: { deployment: Deployment }) {
  const [code, setCode] = useState("");
  const centre = deployment.kind === "centre";
  return (
    <form
      class="st"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim()) void arrive(deployment, code.trim()).then(recount).then(() => setCode(""));
      }}
    >
      <h2>
        <span>
          <bdi>{deployment.area ?? t("Your area")}</bdi>
        </span>
      </h2>
      <label class="field">
        <span>{centre ? t("Name of the counting centre") : t("Code of the polling station")}</span>
        <input class="text" dir={centre ? "auto" : "ltr"} required autocomplete="off" value={code} onInput={(event) => setCode(event.currentTarget.value)} />
      </label>
      <button class="btn">{t("I have arrived")}</button>
    </form>
  );
}

interface Shown {
  stop: Stop;
  station: StationOf;
  day: DayOf;
  main: boolean;
}

function Station({ stop, station, day, main }: Shown) {
  const open = stop.due.flatMap((due) => due.drafts)[0];
  const next = stop.due.find((due) => done(due) < due.expected);
  const button = main ? "btn main" : "btn";
  const start = async (checklist: string) => 
    go({ name: "form", draft: (await begin(stop.deployment, station, stop.visit, checklist)).id });
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
            <button class="link" onClick={() => (due.drafts[0] ? go({ name: "form", draft: due.drafts[0].id }) : void start(due.checklist))}>
              {inLanguage(day.titles[due.checklist] ?? { en: due.checklist })}
            </button>
            <em>{words(due)}</em>
          </li>
        ))}
      </ul>
      {open ? (
        <button class={button} onClick={() => go({ name: "form", draft: open.id })}>
          {t("Continue: {report}", { report: inLanguage(day.titles[open.checklist] ?? { en: open.checklist }) })}
        </button>
      ) : (
        next && (
          <button class={button} onClick={() => void start(next.checklist)}>
            {t("Start: {report}", { report: inLanguage(day.titles[next.checklist] ?? { en: next.checklist }) })}
          </button>
        )
      )}
      <Presence stop={stop} station={station} />
    </section>
  );
}

function Presence({ stop, station }: { stop: Stop; station: StationOf }) {
  if (stop.visit && !stop.visit.departedAt) {
    const visit = stop.visit;
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

const done = (due: Due) => due.waiting.length + due.kept.length;

function state(due: Due): KeepState {
  if (due.drafts.length > 0) return "draft";
  if (due.waiting.length > 0) return sending.value ? "half" : "";
  return due.kept.length >= due.expected ? "full" : "none";
}

function words(due: Due) {
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
