// A way, or the edge of an area: positions taken one after another, where the observer stands.
import type { InputNode } from "@getodk/xforms-engine";
import { useState } from "preact/hooks";
import { t } from "../words.ts";
import { Block, follows, type Asked } from "./Label.tsx";
import { pointsOf, textOf } from "./points.ts";
import { currentPosition } from "./Position.tsx";

export function Positions({ node, form, closed }: Asked<InputNode> & { closed: boolean }) {
  follows(form);
  const [state, setState] = useState<"" | "busy" | "refused">("");
  const [begun, setBegun] = useState<string[]>(() => pointsOf(String(node.currentState.instanceValue), closed));
  // Fewer points than make a way or an area are no answer yet, nor is a way that ends where it began: they wait here.
  const keep = (points: string[]) => {
    setBegun(points);
    form.change(() => (node as InputNode<"string">).setValue(textOf(points, closed)));
  };
  const take = () => {
    setState("busy");
    currentPosition().then(
      (position) => {
        keep([...begun, position]);
        setState("");
      },
      () => setState("refused"),
    );
  };
  return (
    <Block node={node} form={form}>
      <p class="hint">
        {closed ? t("Walk around it and take a position at each corner, three at least.") : t("Walk along it and take a position at each turn, two at least.")}
      </p>
      {begun.length > 0 && (
        <p class="taken" role="status">
          <span>{t("Positions: {count}", { count: begun.length })}</span>
          {String(node.currentState.instanceValue) === "" && <span>{t("Not an answer yet: take another position, elsewhere.")}</span>}
        </p>
      )}
      {state === "refused" && <p class="check">{t("The phone gave no position. Try outside, or go on without it.")}</p>}
      <div class="pair">
        <button type="button" class="btn" aria-describedby={node.nodeId} aria-busy={state === "busy"} onClick={() => state !== "busy" && take()}>
          {state === "busy" ? t("Looking for the position") : t("Take the position")}
        </button>
        {begun.length > 0 && (
          <button type="button" class="btn" onClick={() => keep(begun.slice(0, -1))}>
            {t("Remove the last")}
          </button>
        )}
      </div>
    </Block>
  );
}
