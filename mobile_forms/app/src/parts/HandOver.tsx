// This phone is handed over, or its observer is done: everything of the mission leaves it.
import { useState } from "preact/hooks";
import { mayLeave, signOut, unreceived, type Unreceived } from "../sync/leaving.ts";
import { t } from "../words.ts";
import { useStored } from "./stored.ts";

export function HandOver() {
  const here = useStored(unreceived);
  const [sure, setSure] = useState(false);
  if (!here) return null;
  return (
    <section class="rehearse">
      <h2>{t("Hand this phone over")}</h2>
      <p>{t("Signing out deletes everything of the mission from this phone.")}</p>
      {here.drafts > 0 && <p class="check">{t("Drafts that would be lost: {count}. Finish or delete them first.", { count: here.drafts })}</p>}
      {!mayLeave(here) ? (
        <p class="check">
          {t("Not received yet: reports {reports}, photos {photos}. Send them, or save them to a file in the outbox; then you can sign out.", countsOf(here))}
        </p>
      ) : sure ? (
        <>
          {here.reports + here.photos > 0 && <p class="check">{t("What is in the file is then the only copy. Keep it until the desk has it.")}</p>}
          <button class="btn main" onClick={() => void signOut()}>
            {t("Delete everything and sign out")}
          </button>
          <button class="btn" onClick={() => setSure(false)}>
            {t("Stay signed in")}
          </button>
        </>
      ) : (
        <button class="btn" onClick={() => setSure(true)}>
          {t("Sign out")}
        </button>
      )}
    </section>
  );
}

const countsOf = ({ reports, photos }: Unreceived) => ({ reports, photos });
