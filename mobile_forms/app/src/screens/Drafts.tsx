// What is open?
import { Head, Keep, Tabs } from "../parts/frame.tsx";
import { useStored } from "../parts/stored.ts";
import { go } from "../route.ts";
import { readDay } from "../store/day.ts";
import { clock, inLanguage, t } from "../words.ts";

export function Drafts() {
  const day = useStored(readDay);
  return (
    <>
      <Head me={day?.me} />
      <main>
        <h1>{t("Drafts")}</h1>
        {day && day.drafts.length === 0 && <p class="empty">{t("No draft. Start a report on the day; what you have begun stands here.")}</p>}
        <ul class="list">
          {day?.drafts.map((draft) => (
            <li key={draft.id}>
              <button class="row" onClick={() => go({ name: "form", draft: draft.id })}>
                <Keep state="draft" />
                <span>
                  <b>
                    <bdi>{draft.station.code}</bdi> {inLanguage(day.titles[draft.checklist] ?? { en: draft.checklist })}
                    {draft.corrects && ` (${t("a correction")})`}
                  </b>
                  <i>{t("{answered} of {asked} answered", { answered: draft.answered, asked: draft.asked })}</i>
                </span>
                <em>{clock(draft.savedAt)}</em>
              </button>
            </li>
          ))}
        </ul>
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}
