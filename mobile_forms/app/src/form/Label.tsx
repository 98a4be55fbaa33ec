// What stands around every question: its number, its words, and what to check.
import type { AnyNode } from "@getodk/xforms-engine";
import type { ComponentChildren } from "preact";
import { t } from "../words.ts";
import { answerOf } from "./answers.ts";
import { checkWords, neededWords } from "./missing.ts";
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
    <section class={form.sought === node.nodeId ? "question sought" : "question"}>
      <h3 class="ask" id={node.nodeId}>
        {number !== undefined && <span class="number">{number}</span>}
        <span>{node.currentState.label?.asString ?? nameOf(node)}</span>
      </h3>
      <Picture text={node.currentState.label} files={form.files} />
      {hint && <p class="hint">{hint}</p>}
      {children}
      <Odd node={node} form={form} />
    </section>
  );
}

/** What is odd about an answer, in words; what is missing only where the observer went on without it. */
function Odd({ node, form }: Asked<AnyNode>) {
  follows(form);
  const violation = "violation" in node.validationState ? node.validationState.violation : null;
  const unmet = form.notHeldAt(node);
  return (
    <>
      {violation && violation.condition !== "required" && (
        <p class="check" role="alert">
          {checkWords(node)}
        </p>
      )}
      {unmet.map((words) => (
        <p class="check" role="alert" key={words}>
          {words}
        </p>
      ))}
      <Lacking node={node} form={form} />
    </>
  );
}

/** That an answer is missing, at a question that was left without one. */
export function Lacking({ node, form }: Asked<AnyNode>) {
  follows(form);
  if (!form.marked.has(node.nodeId) || answerOf(node) !== null || form.carried(node) !== null) return null;
  const needed = "violation" in node.validationState && node.validationState.violation?.condition === "required";
  return <p class={needed ? "check needed" : "check"}>{needed ? neededWords(node) : t("Not answered. It may stay open.")}</p>;
}
