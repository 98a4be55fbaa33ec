// What now, and is all safe?
import { FromDesk } from "../parts/FromDesk.tsx";
import { Head, Tabs } from "../parts/frame.tsx";
import { GateNotice } from "../parts/GateNotice.tsx";
import { Door, Warning } from "../parts/icons.tsx";
import { useStored } from "../parts/stored.ts";
import { Unsent } from "../parts/Unsent.tsx";
import { isDue, readDay, type Day as DayOf, type Stop } from "../store/day.ts";
import { go } from "../route.ts";
import { link } from "../sync/keeper.ts";
import { t } from "../words.ts";
import { Roaming } from "./Roaming.tsx";
import { Station } from "./Station.tsx";

export function Day() {
  const day = useStored(readDay);
  const main = day && mainStop(day.stops);
  return (
    <>
      <Head me={day?.me} />
      <main>
        <h1 class="sr">{t("Day")}</h1>
        <Unsent />
        <GateNotice gates={day?.me?.gates} />
        <FromDesk />
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
      {day && <Alarms day={day} />}
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

/** Two buttons that are always within reach, where the mission has the checklists for them. */
function Alarms({ day }: { day: DayOf }) {
  if (day.urgent.length === 0) return null;
  return (
    <div class="alarms">
      {day.urgent.map((checklist) => (
        <button key={checklist} class="btn" onClick={() => go({ name: "urgent", checklist })}>
          {checklist === "incident" ? <Warning /> : <Door />}
          {checklist === "incident" ? t("Incident") : t("Access denied")}
        </button>
      ))}
    </div>
  );
}

/** The one stop whose next step is the main button: where the observer is, else the next place. */
function mainStop(stops: Stop[]): Stop | undefined {
  const open = stops.filter((stop) => stop.station && stop.due.some((due) => due.drafts.length > 0 || isDue(due)));
  return (
    open.find((stop) => stop.visit && !stop.visit.departedAt) ??
    open.find((stop) => stop.due.some((due) => due.drafts.length > 0)) ??
    open[0]
  );
}

function emptyWords(day: DayOf): string {
  if (!day.taken) return t("Your stations are not on this phone yet. Open the app once where there is network.");
  return t("No station today. Call your coordinator.");
}
