// What now, and is all safe?
import { Head, Keep, Tabs, type KeepState } from "../parts/frame.tsx";
import { useStored } from "../parts/stored.ts";
import { go } from "../route.ts";
import { arrive, begin, leave, readDay, type Day as DayOf, type Due, type Stop } from "../store/day.ts";
import { link, nextTry, recount, sending, sync, unsent } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";

export function Day() {
  const day = useStored(readDay);
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
        {day && day.stops.length === 0 && <p class="empty">{t("No station today. Call your coordinator.")}</p>}
        {day?.stops.map((stop) => <Station key={stop.deployment.id} stop={stop} day={day} />)}
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

export function Unsent() {
  if (unsent.value === 0) return null;
  const words = unsent.value === 1 ? t("report on this phone only") : t("reports on this phone only");
  return (
    <section class="safe" aria-live="polite">
      <strong>{unsent.value}</strong>
      <p>{words}</p>
      <span>
        {link.value === "busy" && nextTry.value
          ? t("Server busy. Next try {time}.", { time: clock(nextTry.value) })
          : t("They send by themselves when there is network.")}
      </span>
      <button class="btn" disabled={sending.value} onClick={() => void sync()}>
        {sending.value ? t("Sending") : t("Try now")}
      </button>
    </section>
  );
}

function Station({ stop, day }: { stop: Stop; day: DayOf }) {
  const open = stop.due.flatMap((due) => due.drafts)[0];
  const next = stop.due.find((due) => done(due) < due.expected) ?? stop.due[0];
  const start = async (checklist: string) => go({ name: "form", draft: (await begin(stop, checklist)).id });
  return (
    <section class="st">
      <h2>
        <span>
          <bdi class="code">{stop.station.code}</bdi> <bdi>{stop.station.name}</bdi>
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
        <button class="btn main" onClick={() => go({ name: "form", draft: open.id })}>
          {t("Continue: {report}", { report: inLanguage(day.titles[open.checklist] ?? { en: open.checklist }) })}
        </button>
      ) : (
        next && (
          <button class="btn main" onClick={() => void start(next.checklist)}>
            {t("Start: {report}", { report: inLanguage(day.titles[next.checklist] ?? { en: next.checklist }) })}
          </button>
        )
      )}
      <Presence stop={stop} />
    </section>
  );
}

function Presence({ stop }: { stop: Stop }) {
  if (stop.visit && !stop.visit.departedAt) {
    const visit = stop.visit;
    return (
      <button class="btn" onClick={() => void leave(visit).then(recount)}>
        {t("I am leaving")}
      </button>
    );
  }
  return (
    <button class="btn" onClick={() => void arrive(stop).then(recount)}>
      {t("I have arrived")}
    </button>
  );
}

const done = (due: Due) => due.waiting.length + due.kept.length;

function state(due: Due): KeepState {
  if (due.drafts.length > 0) return "draft";
  if (due.waiting.length > 0) return sending.value ? "half" : "";
  return due.kept.length > 0 ? "full" : "none";
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
