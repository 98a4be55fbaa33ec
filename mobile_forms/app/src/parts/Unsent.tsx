// How much is on this phone only, and the button that sends it.
import { sending, tryNow, unsent, unsentPhotos } from "../sync/keeper.ts";
import { t } from "../words.ts";
import { linkWords } from "./linkWords.ts";

export function Unsent() {
  const [reports, photos] = [unsent.value, unsentPhotos.value];
  if (reports + photos === 0) return null;
  return (
    <section class="safe" aria-live="polite">
      <strong>{reports || photos}</strong>
      <p>{reports ? reportWords(reports) : photoWords(photos)}</p>
      <span>{reports && photos ? t("Photos to send: {count}.", { count: photos }) : null} {when()}</span>
      <button class="btn" disabled={sending.value} onClick={() => void tryNow()}>
        {sending.value ? t("Sending") : t("Try now")}
      </button>
    </section>
  );
}

const reportWords = (count: number) => (count === 1 ? t("report on this phone only") : t("reports on this phone only"));
const photoWords = (count: number) => (count === 1 ? t("photo on this phone only") : t("photos on this phone only"));

function when(): string {
  return linkWords() || t("They send by themselves when there is network.");
}
