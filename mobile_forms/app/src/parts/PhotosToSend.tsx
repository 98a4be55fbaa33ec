// The photos that still have to go: how many, how far, and why they wait.
import { allowOnce, photosHeld, photosWaiting, sendingPhoto } from "../sync/photos.ts";
import { tryNow, unsent } from "../sync/keeper.ts";
import type { Photo } from "../store/nouns.ts";
import { t } from "../words.ts";
import { useStored } from "./stored.ts";

export function PhotosToSend() {
  const waiting = useStored(photosWaiting) ?? [];
  if (waiting.length === 0) return null;
  const refused = waiting.filter((each) => each.refused);
  return (
    <section class="photos">
      <h2>{t("Photos to send: {count} ({size})", { count: waiting.length, size: sizeOf(waiting) })}</h2>
      <Progress />
      <p class="hint">{why(waiting.length - refused.length)}</p>
      {photosHeld.value && (
        <button class="btn" onClick={() => (allowOnce(), void tryNow())}>
          {t("Send them on mobile data now")}
        </button>
      )}
      {refused.map((each) => (
        <p class="check" key={each.name}>
          {t("A photo was not taken: {reason} It stays here. Call your coordinator.", { reason: each.refused! })}
        </p>
      ))}
    </section>
  );
}

function Progress() {
  const now = sendingPhoto.value;
  if (!now) return null;
  const percent = Math.floor((100 * now.arrived) / now.size);
  return (
    <label class="progress">
      <progress max={now.size} value={now.arrived} />
      <span>{t("{percent} % of this photo", { percent })}</span>
    </label>
  );
}

function why(due: number): string {
  if (due === 0 || sendingPhoto.value) return "";
  if (photosHeld.value) return t("They wait for Wi-Fi, as you chose in More.");
  return unsent.value > 0 ? t("They go after their reports.") : t("They send by themselves when there is network.");
}

/** In kilobytes or megabytes, as a phone's bill counts them. */
function sizeOf(photos: Photo[]): string {
  const bytes = photos.reduce((sum, each) => sum + each.blob.size, 0);
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
