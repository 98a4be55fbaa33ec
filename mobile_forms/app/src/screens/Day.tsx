// What now, and is all safe?
import { Begun } from "../parts/Begun.tsx";
import { FromDesk } from "../parts/FromDesk.tsx";
import { Head, Keep, Tabs } from "../parts/frame.tsx";
import { GateNotice } from "../parts/GateNotice.tsx";
import { sentState, sentWords, statusWords } from "../parts/sentWords.ts";
import { useStored } from "../parts/stored.ts";
import { Unsent } from "../parts/Unsent.tsx";
import { isDone, readDay, type Day as DayOf, type Stop } from "../store/day.ts";
import type { Sent } from "../store/sent.ts";
import { go } from "../route.ts";
import { link } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";
import { Roaming } from "./Roaming.tsx";
import { Station } from "./Station.tsx";
import { Stops } from "./Stops.tsx";

const SHOWN = 4;

export function Day() {
  const day = useStored(readDay);
  return (
    <>
      <Head me={day?.me} team={day ? teamOf(day) : []} />
      <main>
        <h1 class="sr">{t("Day")}</h1>
        <Unsent />
        <GateNotice gates={day?.me?.gates} />
        <FromDesk />
        {day && <Begun day={day} />}
        {link.value === "signed out" && (
          <p class="say" role="alert">
            {t("This phone is no longer signed in. Reports stay here. Ask your coordinator for a new code.")}{" "}
            <a href="#enrol">{t("Type a code")}</a>
          </p>
        )}
        {day && day.stops.length === 0 && <p class="empty">{emptyWords(day)}</p>}
        {day && <Places day={day} />}
        {day && day.alarms.length > 0 && <Traces day={day} />}
        <Coordinator telephone={day?.me?.coordinator_telephone ?? ""} />
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

/** One place as it is; of several the one where the observer is, then the others in few words. */
function Places({ day }: { day: DayOf }) {
  const stops = day.stops.filter((stop) => stop.station);
  const [only] = stops;
  return (
    <>
      {stops.length > 1 && <Stops stops={stops} day={day} />}
      {stops.length === 1 && only?.station && <Station stop={only} station={only.station} day={day} main={!isDone(only)} />}
      {day.stops.map((stop) => !stop.station && <Roaming key={stop.deployment.id} deployment={stop.deployment} />)}
    </>
  );
}

const teamOf = (day: DayOf) =>
  [...new Set(day.stops.flatMap((stop: Stop) => stop.deployment.with))].filter((each) => each !== day.me?.pseudonym);

/** What was sent that could not wait, and where it stands. */
function Traces({ day }: { day: DayOf }) {
  return (
    <ul class="list traces" aria-label={t("Sent at once")}>
      {day.alarms.slice(0, SHOWN).map((each) => (
        <li key={each.id}>
          <button class="row" onClick={() => go({ name: "report", report: each.id })}>
            <Keep state={sentState(each)} />
            <span>
              <b>{traceWords(day, each)}</b>
              <i>{each.waiting && each.waiting.refused === null ? t("On this phone only. Sends first.") : [`${sentWords(each)}.`, statusWords(each)].join(" ")}</i>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function traceWords(day: DayOf, sent: Sent): string {
  const report = inLanguage(day.titles[sent.checklist] ?? { en: sent.checklist });
  const time = clock(sent.firstAt);
  return sent.station ? t("{report} {time}, {code}", { report, time, code: sent.station }) : t("{report} {time}", { report, time });
}

function Coordinator({ telephone }: { telephone: string }) {
  if (!telephone) return null;
  return (
    <section class="call">
      <p>
        {t("Coordinator")}
        <bdi dir="ltr">{telephone}</bdi>
      </p>
      <a class="btn" href={`tel:${telephone.replace(/[^\d+]/g, "")}`}>
        {t("Call")}
      </a>
    </section>
  );
}

function emptyWords(day: DayOf): string {
  if (!day.taken) return t("Your stations are not on this phone yet. Open the app once where there is network.");
  return t("No station today. Call your coordinator.");
}
