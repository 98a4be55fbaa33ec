// Something happened: what, and is anyone in danger? Then it is sent before all else.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useForm } from "../form/open.ts";
import { follows } from "../form/Label.tsx";
import { Questions } from "../form/Question.tsx";
import type { FormSession } from "../form/session.ts";
import { knownOf, leaves, nameOf } from "../form/tree.ts";
import { Network } from "../parts/frame.tsx";
import { Back } from "../parts/icons.tsx";
import { useStored } from "../parts/stored.ts";
import { useFinishing } from "../parts/finishing.ts";
import { go } from "../route.ts";
import { readDay, type Day } from "../store/day.ts";
import { begin, checklistOf } from "../store/drafts.ts";
import { elsewhere, placesOf, type Place } from "../store/places.ts";
import { URGENT } from "../store/urgent.ts";
import { inLanguage, t, whereOf } from "../words.ts";
import { leave, Lost, Saved } from "./Form.tsx";

/** Where it happened. Where the observer is, or can only be, nothing is asked. */
export function Urgent({ checklist }: { checklist: string }) {
  const day = useStored(readDay);
  const places = day && placesOf(day);
  const here = places && (isHere(day) || day.stops.length === 1) ? places[0] : undefined;
  useEffect(() => {
    if (here) void start(checklist, here);
  }, [here?.deployment.id]);
  if (!day || !places || here) return null;
  return (
    <div class="form">
      <Top title={inLanguage(day.titles[checklist] ?? { en: checklist })} under={t("Where was it?")} back={() => go({ name: "day" })} />
      <main>
        <ul class="list">
          {places.map((place) => (
            <li key={place.deployment.id + place.station.code}>
              <button class="row" onClick={() => void start(checklist, place)}>
                <span>
                  <b>
                    <bdi class="code">{place.station.code}</bdi> <bdi>{place.station.name}</bdi>
                  </b>
                </span>
              </button>
            </li>
          ))}
        </ul>
        <Elsewhere day={day} checklist={checklist} />
      </main>
    </div>
  );
}

const isHere = (day: Day) => day.stops.some((stop) => stop.station && stop.visit && !stop.visit.departedAt);

async function start(checklist: string, place: Place): Promise<void> {
  const day = await readDay();
  const visit = day.stops.find((stop) => stop.station?.code === place.station.code)?.visit ?? null;
  const draft = await begin(place.deployment, place.station, visit, checklist);
  go({ name: "send", draft: draft.id }, true);
}

function Elsewhere({ day, checklist }: { day: Day; checklist: string }) {
  const [code, setCode] = useState("");
  return (
    <form
      class="st"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim()) void start(checklist, elsewhere(day, code.trim()));
      }}
    >
      <label class="field">
        <span>{t("Somewhere else: the code of the polling station")}</span>
        <input class="text" dir="ltr" required autocomplete="off" value={code} onInput={(event) => setCode(event.currentTarget.value)} />
      </label>
      <button class="btn">{t("Go on")}</button>
    </form>
  );
}

/** The first questions of the form, and sending it as it is. */
export function Send({ id }: { id: string }) {
  const form = useForm(id);
  if (form instanceof Error) return <Lost reason={form.message} />;
  if (!form) return <p class="empty">{t("Opening the form")}</p>;
  return <Open form={form} />;
}

function Open({ form }: { form: FormSession }) {
  follows(form);
  const checklist = useStored(() => checklistOf(form.draft));
  const { busy, unkept, complete } = useFinishing(form);
  const first = URGENT[form.draft.checklist] ?? [];
  const asked = new Set(first.flatMap((name) => [name, knownOf(name)]));
  const nodes = [...leaves(form.root)].filter((node) => asked.has(nameOf(node)));
  const answered = nodes.some((node) => nameOf(node) in form.answers);
  return (
    <div class="form urgent">
      <Top title={checklist ? inLanguage(checklist.title) : ""} under={whereOf(form.draft.station)} back={() => void leave(form)} />
      <main>
        <Questions nodes={nodes} form={form} />
        {unkept && (
          <p class="check" role="alert">
            {t("The phone has no room to finish this report. The draft is kept. Make room, then try again.")}
          </p>
        )}
      </main>
      <footer>
        <Saved form={form} />
        <div>
          <button class="btn" onClick={() => go({ name: "form", draft: form.draft.id })}>
            {t("Add details first")}
          </button>
          <button class="btn main" disabled={busy || !answered} onClick={() => void complete()}>
            {t("Send now")}
          </button>
        </div>
      </footer>
    </div>
  );
}

function Top({ title, under, back }: { title: string; under: ComponentChildren; back: () => void }) {
  return (
    <header>
      <button class="ic" aria-label={t("Back to the day")} onClick={back}>
        <Back />
      </button>
      <div>
        <h1 class="who">{title}</h1>
        <div class="under">{under}</div>
      </div>
      <Network />
    </header>
  );
}
