// Where this is: taken from the phone when asked, never without.
import type { InputNode } from "@getodk/xforms-engine";
import { useState } from "preact/hooks";
import { t } from "../words.ts";
import { Block, follows, type Asked } from "./Label.tsx";

const PATIENCE = 60_000;

/** Where the phone is now, as a report carries it. */
export function currentPosition(): Promise<string> {
  const options = { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0 };
  return new Promise((found, refused) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found([coords.latitude, coords.longitude, coords.altitude ?? 0, Math.round(coords.accuracy)].join(" ")),
      refused,
      options,
    ),
  );
}

export function Position({ node, form }: Asked<InputNode>) {
  follows(form);
  const [state, setState] = useState<"" | "busy" | "refused">("");
  const [lat, lon, , accuracy] = String(node.currentState.instanceValue).split(" ");
  const set = (text: string) => form.change(() => (node as InputNode<"string">).setValue(text));
  const take = () => {
    setState("busy");
    currentPosition().then(
      (position) => {
        set(position);
        setState("");
      },
      () => setState("refused"),
    );
  };
  return (
    <Block node={node} form={form}>
      {lat && lon && (
        <p class="taken">
          <bdi dir="ltr">{`${Number(lat).toFixed(5)}, ${Number(lon).toFixed(5)}`}</bdi>
          <span>{t("within {metres} m", { metres: accuracy ?? "?" })}</span>
        </p>
      )}
      {state === "refused" && <p class="check">{t("The phone gave no position. Try outside, or go on without it.")}</p>}
      <div class="pair">
        <button type="button" class="btn" aria-describedby={node.nodeId} disabled={state === "busy"} onClick={take}>
          {state === "busy" ? t("Looking for the position") : lat ? t("Take it again") : t("Take the position")}
        </button>
        {lat && (
          <button type="button" class="btn" onClick={() => set("")}>
            {t("Remove")}
          </button>
        )}
      </div>
    </Block>
  );
}
