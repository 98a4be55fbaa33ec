import { useState } from "preact/hooks";
import type { Deployment } from "../store/nouns.ts";
import { arrive } from "../store/visits.ts";
import { recount } from "../sync/keeper.ts";
import { t } from "../words.ts";

/** For a team that is sent to an area: it names the station where it is. */
export function Roaming({ deployment }: { deployment: Deployment }) {
  const [code, setCode] = useState("");
  const centre = deployment.kind === "centre";
  return (
    <form
      class="st"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim()) void arrive(deployment, code.trim()).then(recount).then(() => setCode(""));
      }}
    >
      <h2>
        <span>
          <bdi>{deployment.area ?? t("Your area")}</bdi>
        </span>
      </h2>
      <label class="field">
        <span>{centre ? t("Name of the counting centre") : t("Code of the polling station")}</span>
        <input
          class="text"
          dir={centre ? "auto" : "ltr"}
          required
          autocomplete="off"
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <button class="btn">{t("I have arrived")}</button>
    </form>
  );
}
