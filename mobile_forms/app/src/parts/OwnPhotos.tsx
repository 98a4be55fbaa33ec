// The photos of a finished report that are still on this phone.
import { useEffect, useState } from "preact/hooks";
import { typeOf } from "../form/attached.ts";
import { all } from "../store/database.ts";
import type { Photo } from "../store/nouns.ts";
import type { Sent } from "../store/sent.ts";
import { t } from "../words.ts";
import { useStored } from "./stored.ts";

async function readPhotos(sent: Sent): Promise<Photo[]> {
  const named = JSON.stringify(sent.said?.answers ?? {});
  return (await all<Photo>("photos")).filter((each) => each.report !== null && named.includes(each.name) && typeOf(each.name).startsWith("image/"));
}

export function OwnPhotos({ sent }: { sent: Sent }) {
  const photos = useStored(() => readPhotos(sent)) ?? [];
  if (photos.length === 0) return null;
  return (
    <details class="did">
      <summary>
        <span>
          {t("See your photo")}
          <i>{t("Still on this phone; it goes after the report.")}</i>
        </span>
      </summary>
      {photos.map((each) => (
        <Shown key={each.name} photo={each} />
      ))}
    </details>
  );
}

function Shown({ photo }: { photo: Photo }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(photo.blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo.name]);
  return address ? <img class="photo" src={address} alt={t("Your photo")} /> : null;
}
