// The places of a mobile team: the one where it is, those to come in few words, those done folded.
import { useState } from "preact/hooks";
import { Keep, type KeepState } from "../parts/frame.tsx";
import { sentState, sentWords } from "../parts/sentWords.ts";
import { isDone, isHere, type Day, type Due, type Stop } from "../store/day.ts";
import { kilometres, whereIAm, type Point } from "../store/distance.ts";
import { clock, inLanguage, t } from "../words.ts";
import { Station } from "./Station.tsx";

interface Shown {
  stops: Stop[];
  day: Day;
}

const keyOf = (stop: Stop) => stop.deployment.id + stop.station!.code;

export function Stops({ stops, day }: Shown) {
  const [opened, setOpened] = useState<string>();
  const [here, setHere] = useState<Point>();
  const [nearest, setNearest] = useState(false);
  const done = stops.filter(isDone);
  const open = stops.filter((stop) => !isDone(stop));
  const sorted = nearest && here ? byDistance(open, here) : open;
  const at = sorted.filter(isHere);
  const toCome = sorted.filter((stop) => !isHere(stop));
  const next = toCome.find((stop) => stop.due.some((due) => due.drafts.length > 0)) ?? toCome[0];
  const toggle = (stop: Stop) => setOpened(opened === keyOf(stop) ? undefined : keyOf(stop));
  const row = (stop: Stop) => (
    <Row key={keyOf(stop)} stop={stop} number={stops.indexOf(stop) + 1} day={day} next={stop === next && at.length === 0} here={here}
      open={opened === keyOf(stop)} toggle={() => toggle(stop)} />
  );
  return (
    <>
      <div class="order">
        <h2>{t("{done} of {count} done", { done: done.length, count: stops.length })}</h2>
        <div class="seg" role="group" aria-label={t("Order of the stations")}>
          <button aria-pressed={!nearest} onClick={() => setNearest(false)}>
            {t("By plan")}
          </button>
          <button aria-pressed={nearest} onClick={() => void whereIAm().then(setHere).then(() => setNearest(true), () => setNearest(false))}>
            {t("Nearest")}
          </button>
        </div>
      </div>
      {at.map((stop) => (
        <div class="here" key={keyOf(stop)}>
          <Station stop={stop} station={stop.station!} day={day} main />
        </div>
      ))}
      <ul class="list stops">{toCome.map(row)}</ul>
      {done.length > 0 && (
        <details class="done">
          <summary>{t("{count} done", { count: done.length })}</summary>
          <ul class="list stops">{done.map(row)}</ul>
        </details>
      )}
    </>
  );
}

const byDistance = (stops: Stop[], here: Point) =>
  [...stops].sort((a, b) => (kilometres(here, a.station) ?? Infinity) - (kilometres(here, b.station) ?? Infinity));

interface RowOf {
  stop: Stop;
  number: number;
  day: Day;
  next: boolean;
  here: Point | undefined;
  open: boolean;
  toggle: () => void;
}

function Row({ stop, number, day, next, here, open, toggle }: RowOf) {
  const station = stop.station!;
  return (
    <li>
      <button class="row" aria-expanded={open || next} onClick={toggle}>
        <em class="place">{number}</em>
        <span>
          <b>
            <bdi class="code">{station.code}</bdi> <bdi class="name">{station.name}</bdi>
          </b>
          <i>{isDone(stop) ? doneWords(stop) : toComeWords(stop, day, next, here)}</i>
        </span>
        <Marks stop={stop} />
      </button>
      {(open || next) && <Station stop={stop} station={station} day={day} main={next} inRow />}
    </li>
  );
}

/** One mark for each report due: two contests are two marks. */
function Marks({ stop }: { stop: Stop }) {
  const states = stop.denied ? [sentState(stop.denied)] : stop.due.flatMap(marksOf);
  return (
    <span class="marks">
      {states.map((state, place) => (
        <Keep key={place} state={state} />
      ))}
    </span>
  );
}

function marksOf(due: Due): KeepState[] {
  const sent = due.sent.map(sentState);
  const drafts = due.drafts.map((): KeepState => "draft");
  const lacking = Math.max(0, due.expected - sent.length - drafts.length);
  return [...sent, ...drafts, ...Array<KeepState>(lacking).fill("none")];
}

function toComeWords(stop: Stop, day: Day, next: boolean, here: Point | undefined): string {
  const far = here ? kilometres(here, stop.station) : null;
  const first = [next ? t("next") : "", far === null ? "" : t("{count} km", { count: far })].filter(Boolean).join("; ");
  return [first, dueWords(stop.due, day)].filter(Boolean).join(". ");
}

/** What is due, each checklist once, with its contests. */
function dueWords(due: Due[], day: Day): string {
  const names = [...new Set(due.map((each) => each.checklist))];
  return names
    .map((name) => {
      const report = inLanguage(day.titles[name] ?? { en: name });
      const contests = due.filter((each) => each.checklist === name && each.contest).map((each) => each.contest!.name);
      return contests.length > 0 ? t("{report}: {contests}", { report, contests: contests.join(", ") }) : report;
    })
    .join(", ");
}

function doneWords(stop: Stop): string {
  const { denied, visit, due } = stop;
  if (denied) return `${t("Access denied, {time}.", { time: clock(denied.firstAt) })} ${sentWords(denied)}`;
  const sent = due.flatMap((each) => each.sent);
  const last = sent.find((each) => each.waiting) ?? sent.at(-1);
  const words = last ? (last.waiting ? sentWords(last) : t("All received")) : "";
  return visit?.departedAt ? t("{from} to {to}. {words}", { from: clock(visit.arrivedAt), to: clock(visit.departedAt), words }) : words;
}
