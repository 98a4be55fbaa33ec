// Is it set for me?
import { useEffect, useState } from "preact/hooks";
import { ENGINE } from "../form/version.ts";
import { Head, Tabs } from "../parts/frame.tsx";
import { Rehearse } from "../parts/Rehearse.tsx";
import { useStored } from "../parts/stored.ts";
import { applySize, size, SIZES, type Size } from "../size.ts";
import { get } from "../store/database.ts";
import { readDay, type Day } from "../store/day.ts";
import { sync } from "../sync/keeper.ts";
import { allowMobileData, onMobileData } from "../sync/photos.ts";
import { choose, clock, language, LANGUAGES, t } from "../words.ts";

export function More() {
  const day = useStored(readDay);
  return (
    <>
      <Head me={day?.me} />
      <main>
        <h1>{t("More")}</h1>
        <Storage />
        <Rehearse />
        <Choice legend={t("Language")} options={Object.entries(LANGUAGES)} chosen={language.value} choose={choose} foreign />
        <Choice legend={t("Text size")} options={SIZES.map((each) => [each, sizeWords(each)])} chosen={size.value} choose={(each) => applySize(each as Size)} />
        <Choice legend={t("Photos on mobile data")} options={[["no", t("Wait for Wi-Fi")], ["yes", t("Send them")]]} chosen={onMobileData.value ? "yes" : "no"} choose={(each) => allow(each === "yes")} />
        <Facts day={day} />
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

/** Photos that waited go at once. */
function allow(allowed: boolean): void {
  allowMobileData(allowed);
  if (allowed) void sync();
}

function Storage() {
  const [kept, setKept] = useState<boolean>();
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setKept);
  }, []);
  const ask = () => void navigator.storage?.persist?.().then(setKept);
  if (kept === undefined) return null;
  return kept ? (
    <p class="lead">{t("This phone keeps the app's reports until they are sent.")}</p>
  ) : (
    <>
      <p class="lead">{t("The phone may clear this app when it runs out of room. Install it, or send soon.")}</p>
      <button class="btn" onClick={ask}>
        {t("Ask the phone to keep it")}
      </button>
    </>
  );
}

interface Choices {
  legend: string;
  options: (readonly [string, string])[];
  chosen: string;
  choose: (value: string) => void;
  foreign?: boolean;
}

/** One of several, as a question of a form has it. `foreign`: each word is in its own language. */
function Choice({ legend, options, chosen, choose, foreign = false }: Choices) {
  return (
    <fieldset class="plain">
      <legend>{legend}</legend>
      {options.map(([value, word]) => (
        <label class={`opt ${chosen === value ? "on" : ""}`} key={value}>
          <input class="sr" type="radio" name={legend} checked={chosen === value} onChange={() => choose(value)} />
          <span class="o" />
          <span lang={foreign ? value : undefined}>{word}</span>
        </label>
      ))}
    </fieldset>
  );
}

function sizeWords(each: Size): string {
  if (each === "normal") return t("Normal");
  return each === "large" ? t("Large") : t("Largest");
}

function Facts({ day }: { day: Day | undefined }) {
  const taken = useStored(() => get<string>("self", "takenAt"));
  return (
    <dl class="facts">
      <dt>{t("Mission")}</dt>
      <dd>
        <bdi>{day?.me?.mission_title ?? "–"}</bdi>
      </dd>
      <dt>{t("Organisation")}</dt>
      <dd>
        <bdi>{day?.me?.organisation ?? "–"}</bdi>
      </dd>
      <dt>{t("Checklists and stations taken")}</dt>
      <dd>{taken ? clock(taken) : "–"}</dd>
      <dt>{t("Form engine")}</dt>
      <dd>{ENGINE}</dd>
    </dl>
  );
}
