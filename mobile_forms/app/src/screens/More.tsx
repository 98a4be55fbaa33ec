// Is it set for me?
import { ENGINE } from "../form/version.ts";
import { Choice } from "../parts/Choice.tsx";
import { Head, Tabs } from "../parts/frame.tsx";
import { HandOver } from "../parts/HandOver.tsx";
import { LockChoice } from "../parts/LockChoice.tsx";
import { Rehearse } from "../parts/Rehearse.tsx";
import { Storage } from "../parts/Storage.tsx";
import { VaultChoice } from "../parts/VaultChoice.tsx";
import { useStored } from "../parts/stored.ts";
import { applySize, size, SIZES, type Size } from "../size.ts";
import { get } from "../store/database.ts";
import { vault } from "../store/keys.ts";
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
        {vault.value === "open" ? <VaultChoice /> : <LockChoice />}
        <HandOver />
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
