// I am at another station than the one I said: the visit goes there, with what was written and finished.
import { useState } from "preact/hooks";
import { PlaceList } from "../parts/PlaceList.tsx";
import { useStored } from "../parts/stored.ts";
import { Top } from "../parts/Top.tsx";
import { Why } from "../parts/Why.tsx";
import { go } from "../route.ts";
import { moveVisit, OF_PLACES } from "../store/correcting.ts";
import { all, get, remove } from "../store/database.ts";
import { readDay } from "../store/day.ts";
import type { Draft, Kept, Outcome, Visit, Waiting } from "../store/nouns.ts";
import type { Place } from "../store/places.ts";
import { sentReports } from "../store/sent.ts";
import { recount, sync } from "../sync/keeper.ts";
import { t } from "../words.ts";

async function readVisit(id: string) {
  const [visit, drafts, waiting, kept, outcomes] = await Promise.all([
    get<Visit>("visits", id),
    all<Draft>("drafts"),
    all<Waiting>("outbox"),
    all<Kept>("receipts"),
    get<Outcome[]>("self", "outcomes"),
  ]);
  const sent = sentReports(waiting, kept, outcomes ?? []).filter((each) => each.said?.envelope.visit === id);
  return { visit, drafts: drafts.filter((each) => each.visit === id && !each.corrects), sent };
}

export function Wrong({ id }: { id: string }) {
  const day = useStored(readDay);
  const found = useStored(() => readVisit(id));
  const [place, setPlace] = useState<Place>();
  if (!day || !found?.visit) return null;
  const { visit, drafts, sent } = found;
  const begun = drafts.filter((each) => !each.untouched);
  const move = async (to: Place, reason = "") => {
    await moveVisit(visit, drafts, to, sent, reason);
    await recount();
    go({ name: "day" });
    void sync();
  };
  const choose = (to: Place) => (sent.length > 0 ? setPlace(to) : void move(to));
  const team = day.stops.find((stop) => stop.visit?.id === visit.id)?.deployment;
  return (
    <div class="form">
      <Top title={t("Wrong station?")} under={t("Now: station {code}", { code: visit.station })} back={() => go({ name: "day" })} />
      <main>
        {place ? (
          <Moving place={place} reports={sent.length} change={() => setPlace(undefined)} move={(reason) => void move(place, reason)} />
        ) : (
          <>
            <h2 class="title">{t("Where are you?")}</h2>
            {begun.length > 0 && <p>{t("What you have written goes there with you. Nothing is lost.")}</p>}
            <PlaceList day={day} except={visit.station} choose={choose} team={team} />
            <p class="hint">{t("Not in the list? Type its code and go on; we place it later.")}</p>
            {sent.length + begun.length === 0 && (
              <button class="btn wide" onClick={() => void remove("visits", visit.id).then(recount).then(() => go({ name: "day" }))}>
                {t("I have not arrived yet")}
              </button>
            )}
          </>
        )}
      </main>
    </div>
  );
}

interface MovingTo {
  place: Place;
  reports: number;
  change: () => void;
  move: (reason: string) => void;
}

/** What was finished there goes along, with a reason. */
function Moving({ place, reports, change, move }: MovingTo) {
  const [reason, setReason] = useState("");
  return (
    <>
      <p class="lead">
        {t("You are at")} <b dir="auto">{`${place.station.code} ${place.station.name}`}</b>{" "}
        <button class="link" onClick={change}>
          {t("Change")}
        </button>
      </p>
      <p>{t("Finished reports that go there as a next version: {count}.", { count: reports })}</p>
      <Why id="why-visit" title={t("Why was it different?")} reasons={OF_PLACES} say={setReason} />
      <button class="btn main wide" onClick={() => (reason ? move(reason) : document.getElementById("why-visit")?.focus())}>
        {reason ? t("Move them") : t("Say why first")}
      </button>
    </>
  );
}
