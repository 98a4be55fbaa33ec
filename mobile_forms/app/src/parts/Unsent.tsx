// How much is on this phone only, and the button that sends it; and what the server did not take.
import { go, screen } from "../route.ts";
import { notTaken, sending, tryNow, unsent, unsentPhotos } from "../sync/keeper.ts";
import { t } from "../words.ts";
import { linkWords } from "./linkWords.ts";

export function Unsent() {
  const [reports, photos] = [unsent.value - notTaken.value, unsentPhotos.value];
  return (
    <>
      {reports + photos > 0 && (
        <section class="safe" aria-live="polite">
          <strong>{reports || photos}</strong>
          <p>{reports ? reportWords(reports) : photoWords(photos)}</p>
          <span>
            {reports && photos ? t("Photos to send: {count}.", { count: photos }) : null} {when()}
          </span>
          <button class="btn" disabled={sending.value} onClick={() => void tryNow()}>
            {sending.value ? t("Sending") : t("Try now")}
          </button>
        </section>
      )}
      {notTaken.value > 0 && <NotTaken count={notTaken.value} />}
    </>
  );
}

/** What does not send by itself: somebody has to look at it. */
function NotTaken({ count }: { count: number }) {
  const here = screen.value.name === "outbox";
  return (
    <section class="safe" aria-live="polite">
      <strong>{count}</strong>
      <p>{count === 1 ? t("report was not taken") : t("reports were not taken")}</p>
      <span>{t("What to do stands in the outbox.")}</span>
      {!here && (
        <button class="btn" onClick={() => go({ name: "outbox" })}>
          {t("Look")}
        </button>
      )}
    </section>
  );
}

const reportWords = (count: number) => (count === 1 ? t("report on this phone only") : t("reports on this phone only"));
const photoWords = (count: number) => (count === 1 ? t("photo on this phone only") : t("photos on this phone only"));

/** Why nothing goes now; while it is sent, the button says so. */
function when(): string {
  return sending.value ? "" : linkWords() || t("They send by themselves when there is network.");
}
