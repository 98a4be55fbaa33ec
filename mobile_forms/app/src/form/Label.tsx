// What stands around every question: its number, its words, and what to check.
import type { AnyNode } from "@getodk/xforms-engine";
import type { ComponentChildren } from "preact";
import { t } from "../words.ts";
import { Picture } from "./Picture.tsx";
import type { FormSession } from "./session.ts";
import { nameOf } from "./tree.ts";

/** Draw again with every change of the form: a node stays the same while its state changes. */
export const follows = (form: FormSession) => form.changes.value;

export interface Asked<T> {
  node: T;
  form: FormSession;
}

/** A question: number and words, the answer's control, and a word where something is odd. */
export function Block({ node, form, children }: Asked<AnyNode> & { children: ComponentChildren }) {
  const hint = node.currentState.hint?.asString;
  const number = form.numbers.get(node.nodeId);
  return (
    <section class="question">
      <h2 class="ask" id={node.nodeId}>
        {number !== undefined && <span class="number">{number}</span>}
        <span>{node.currentState.label?.asString ?? nameOf(node)}</span>
      </h2>
      <Picture text={node.currentState.label} files={form.files} />
      {hint && <p class="hint">{hint}</p>}
      {children}
      <Violation node={node} />
    </section>
  );
}

function Violation({ node }: { node: AnyNode }) {
  if (!("violation" in node.validationState) || !node.validationState.violation) return null;
  const { condition, message } = node.validationState.violation;
  if (condition === "required") return null;
  return (
    <p class="check" role="alert">
      {message?.asString ?? t("Please check this answer.")}
    </p>
  );
}
