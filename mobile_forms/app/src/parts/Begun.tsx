// What was begun because it could not wait, and is not sent.
import { go } from "../route.ts";
import type { Day } from "../store/day.ts";
import { isQuick } from "../store/urgent.ts";
import { clock, inLanguage, t } from "../words.ts";
import { Keep } from "./frame.tsx";

export function Begun({ day }: { day: Day }) {
  const begun = day.drafts.filter(isQuick);
  if (begun.length === 0) return null;
  return (
    <ul class="list" aria-label={t("Begun, not sent")}>
      {begun.map((each) => (
        <li key={each.id}>
          <button class="row" onClick={() => go({ name: "urgent", checklist: each.checklist, draft: each.id })}>
            <Keep state="draft" />
            <span>
              <b>{inLanguage(day.titles[each.checklist] ?? { en: each.checklist })}</b>
              <i>{t("Begun at {time}, not sent. Go on", { time: clock(each.noticed?.at ?? each.savedAt) })}</i>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
