// What is open?
import { useState } from "preact/hooks";
import { Head, Keep, Tabs } from "../parts/frame.tsx";
import { useStored } from "../parts/stored.ts";
import { go } from "../route.ts";
import { readDay, type Day } from "../store/day.ts";
import { deleteDraft } from "../store/drafts.ts";
import type { Draft } from "../store/nouns.ts";
import { isQuick } from "../store/urgent.ts";
import { recount } from "../sync/keeper.ts";
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
              <Row draft={draft} day={day} />
              <Delete draft={draft} />
            </li>
          ))}
        </ul>
      </main>
      <Tabs drafts={day?.drafts.length ?? 0} />
    </>
  );
}

/** What was begun on the screen of few taps goes on there. */
const open = (draft: Draft) => go(isQuick(draft) ? { name: "urgent", checklist: draft.checklist, draft: draft.id } : { name: "form", draft: draft.id });

function Row({ draft, day }: { draft: Draft; day: Day }) {
  return (
    <button class="row" onClick={() => open(draft)}>
      <Keep state="draft" />
      <span>
        <b>
          <bdi>{draft.station.code}</bdi> {inLanguage(day.titles[draft.checklist] ?? { en: draft.checklist })}
          {draft.corrects && ` (${t("a correction")})`}
        </b>
        <i>{isQuick(draft) ? t("Begun, not sent") : t("{answered} of {asked} answered", { answered: draft.answered, asked: draft.asked })}</i>
      </span>
      <em>{clock(draft.savedAt)}</em>
    </button>
  );
}

function Delete({ draft }: { draft: Draft }) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button class="link" onClick={() => setAsked(true)}>
        {t("Delete")}
      </button>
    );
  }
  return (
    <div class="inner" role="alert">
      <p>{draft.corrects ? t("Delete this correction? The report stays as it was sent.") : t("Delete this draft? Its answers and photos are gone for good. It was never sent.")}</p>
      <div class="pair">
        <button class="btn" onClick={() => void deleteDraft(draft.id).then(recount)}>
          {t("Delete for good")}
        </button>
        <button class="btn" onClick={() => setAsked(false)}>
          {t("Keep it")}
        </button>
      </div>
    </div>
  );
}
