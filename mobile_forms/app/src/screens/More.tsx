// Is it set for me?
import { useEffect, useState } from "preact/hooks";
import { Head, Tabs } from "../parts/frame.tsx";
import { useStored } from "../parts/stored.ts";
import { get } from "../store/database.ts";
import { readDay } from "../store/day.ts";
import { ENGINE } from "../form/engine.ts";
import { choose, clock, language, LANGUAGES, t } from "../words.ts";

export function More() {
  const day = useStored(readDay);
  const taken = useStored(() => get<string>("self", "takenAt"));
  const [persisted, setPersisted] = useState<boolean>();
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setPersisted);
  }, []);
  return (
    <>
      <Head me={day?.me} />
      <main>
        <h1>{t("More")}</h1>
        <fieldset class="plain">
          <legend>{t("Language")}</legend>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <label class={`opt ${language.value === code ? "on" : ""}`} key={code} lang={code}>
              <input class="sr" type="radio" name="language" checked={language.value === code} onChange={() => choose(code)} />
              <span class="o" />
              {name}
            </label>
          ))}
        </fieldset>
        <dl class="facts">
          <dt>{t("Mission")}</dt>
          <dd>{day?.me?.mission_title ?? "–"}</dd>
          <dt>{t("Organisation")}</dt>
          <dd>{day?.me?.organisation ?? "–"}</dd>
          <dt>{t("Checklists and stations taken")}</dt>
          <dd>{taken ? clock(taken) : "–"}</dd>
          <dt>{t("Form engine")}</dt>
          <dd>
            <bdi>{ENGINE}</bdi>
          </dd>
        </dl>
        <p class="say">
          {persisted
            ? t("This phone keeps the app's reports until they are sent.")
            : t("The phone may clear this app when it runs out of room. Install it, or send soon.")}
        </p>
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}
