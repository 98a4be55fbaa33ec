// What is asked once for each of several: votes per contestant, a row each.
import type { AnyNode, RepeatRangeUncontrolledNode } from "@getodk/xforms-engine";
import { t } from "../words.ts";
import { follows, type Asked } from "./Label.tsx";
import { Questions } from "./Question.tsx";
import { childrenOf } from "./tree.ts";

export function Repeat({ node, form }: Asked<AnyNode>) {
  follows(form);
  const rows = childrenOf(node);
  const label = node.currentState.label?.asString ?? "";
  const range = node.nodeType === "repeat-range:uncontrolled" ? (node as unknown as RepeatRangeUncontrolledNode) : null;
  const number = form.numbers.get(node.nodeId);
  return (
    <section class="question">
      <h3 class="ask">
        {number !== undefined && <span class="number">{number}</span>}
        <span>{label}</span>
      </h3>
      {rows.map((row, place) => (
        <fieldset class="plain row-of" key={row.nodeId}>
          <legend>
            <span>{t("{name}, {number} of {count}", { name: label, number: place + 1, count: rows.length })}</span>
            {range && rows.length > 1 && (
              <button type="button" class="link" onClick={() => form.change(() => range.removeInstances(place))}>
                {t("Remove")}
              </button>
            )}
          </legend>
          <Questions nodes={childrenOf(row)} form={form} />
        </fieldset>
      ))}
      {range && (
        <button type="button" class="btn" onClick={() => form.change(() => range.addInstances())}>
          {t("Add another")}
        </button>
      )}
    </section>
  );
}
