// A finished report that the server did not take: why, and what to do about it.
import { useState } from "preact/hooks";
import { go } from "../route.ts";
import type { Waiting } from "../store/nouns.ts";
import { recount, sending, tryNow } from "../sync/keeper.ts";
import { giveUp, OUTDATED } from "../sync/outbox.ts";
import { t } from "../words.ts";

export function Refused({ each }: { each: Waiting }) {
  const outdated = each.code === OUTDATED;
  return (
    <div class="inner">
      <p>{reasonWords(each)}</p>
      {each.again && sending.value && <p class="hint">{t("Sending")}</p>}
      {outdated ? <Outdated each={each} /> : <Other each={each} />}
    </div>
  );
}

function reasonWords({ code }: Waiting): string {
  if (code === OUTDATED) return t("Not taken: the desk has a newer version of this report. Open it, and correct it again if that is still needed.");
  if (code === "other_bytes") return t("Not taken: another report of the same number is there. It stays here. Call your coordinator.");
  if (code === "too_large") return t("Not taken: it is too large. It stays here. Call your coordinator.");
  if (code === "forbidden" || code === "not_found") return t("Not taken: this phone may not report to this mission. It stays here. Call your coordinator.");
  return t("Not taken: the server cannot read it. It stays here. Save it to a file below, and call your coordinator.");
}

function Outdated({ each }: { each: Waiting }) {
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <div class="pair">
        <button class="btn" onClick={() => go({ name: "report", report: each.corrects ?? each.id })}>
          {t("Open the report")}
        </button>
        <button class="btn" onClick={() => setSure(true)}>
          {t("Let it go")}
        </button>
      </div>
    );
  }
  return (
    <>
      <p class="check">{t("This correction leaves the phone. The server has kept it beside the newer version, which counts.")}</p>
      <div class="pair">
        <button class="btn" onClick={() => void giveUp(each.id).then(recount)}>
          {t("Let it go")}
        </button>
        <button class="btn" onClick={() => setSure(false)}>
          {t("Keep it here")}
        </button>
      </div>
    </>
  );
}

/** The server's own words are for whoever is called. */
function Other({ each }: { each: Waiting }) {
  return (
    <>
      {each.refused && (
        <p class="hint" dir="ltr" lang="en">
          {each.refused}
        </p>
      )}
      <button class="btn" disabled={sending.value} onClick={() => void tryNow()}>
        {t("Try now")}
      </button>
    </>
  );
}
