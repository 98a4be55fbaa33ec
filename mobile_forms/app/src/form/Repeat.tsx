// What is asked once for each of several: votes per contestant, a row each.
import type { AnyNode, RepeatRangeUncontrolledNode } from "@getodk/xforms-engine";
import { t } from "../words.ts";
import { follows, Question } from "./Question.tsx";
import type { FormSession } from "./session.ts";

export function Repeat({ node, form }: { node: AnyNode; form: FormSession }) {
  follows(form);
  const rows = node.currentState.children as AnyNode[];
  const label = node.currentState.label?.asString ?? "";
  const range = node as unknown as RepeatRangeUncontrolledNode;
  return (
    <section class="question">
      {rows.map((row, place) => (
        <fieldset class="plain row-of" key={row.nodeId}>
          <legend>
            {label} <bdi>{place + 1}</bdi>
          </legend>
          {(row.currentState.children as AnyNode[]).map((child) => (
            <Question key={child.nodeId} node={child} number={null} form={form} />
          ))}
          {node.nodeType === "repeat-range:uncontrolled" && rows.length > 1 && (
            <button type="button" class="btn" onClick={() => form.change(() => range.removeInstances(place))}>
              {t("Remove")}
            </button>
          )}
        </fieldset>
      ))}
      {node.nodeType === "repeat-range:uncontrolled" && (
        <button type="button" class="btn" onClick={() => form.change(() => range.addInstances())}>
          {t("Add another")}
        </button>
      )}
    </section>
  );
}
