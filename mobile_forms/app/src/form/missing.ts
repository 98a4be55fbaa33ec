// What a report still lacks, and why, in words: for the question itself, for Next and for the end of the form.
import type { AnyNode, SelectNode } from "@getodk/xforms-engine";
import { inLanguage, t } from "../words.ts";
import { answerOf } from "./answers.ts";
import { valueOf } from "./figures.ts";
import type { FormSession } from "./session.ts";
import { isAsked, isKnown, knownOf, leavesOf, nameOf, rowsAround, type Section } from "./tree.ts";

/** Needed before it can be sent; to be checked; may stay open; said to be not observed. */
export type Lack = "needed" | "check" | "open" | "unobserved";

export interface Missing {
  lack: Lack;
  /** The question to go to. */
  node: string;
  section: number;
  number: number | undefined;
  label: string;
  message: string;
}

const NOT_OBSERVED = "not_observed";

/** Everything that is lacking, in the order of the form. */
export const missingOf = (form: FormSession): Missing[] => form.sections.flatMap((section, place) => missingIn(form, section, place));

export function missingIn(form: FormSession, section: Section, place: number): Missing[] {
  const all = [...leavesOf(section)];
  return all.filter(isAsked).flatMap((node) => {
    const found = lackOf(form, node, all);
    return found ? [{ section: place, ...about(form, node, all), ...found }] : [];
  });
}

function lackOf(form: FormSession, node: AnyNode, all: AnyNode[]): Pick<Missing, "lack" | "message"> | null {
  if (form.carried(node) !== null) return null;
  const violation = "violation" in node.validationState ? node.validationState.violation : null;
  if (violation?.condition === "required") return { lack: "needed", message: isKnown(node) ? followUp(node, all) : neededWords(node) };
  if (form.second.isOpen(node)) return { lack: "needed", message: typedTwice(form, node) };
  if (violation) return { lack: "check", message: checkWords(node) };
  const [unmet] = form.notHeldAt(node);
  if (unmet) return { lack: "check", message: unmet };
  const answer = answerOf(node);
  if (answer === null) return isKnown(node) ? null : { lack: "open", message: "" };
  const unobserved = answer === NOT_OBSERVED || (Array.isArray(answer) && answer.some((each) => each === NOT_OBSERVED));
  return unobserved ? { lack: "unobserved", message: "" } : null;
}

/** A question by its number and words; a follow-up by the question that it follows. */
function about(form: FormSession, node: AnyNode, all: AnyNode[]): Pick<Missing, "node" | "number" | "label"> {
  const shown = isKnown(node) ? (followed(node, all) ?? node) : node;
  const rows = rowsAround(shown);
  const outer = rows.at(-1)?.parent ?? shown;
  const row = rows[0]?.currentState.reference.match(/\[(\d+)\]$/)?.[1];
  const words = shown.currentState.label?.asString ?? nameOf(shown);
  return { node: node.nodeId, number: form.numbers.get(outer.nodeId), label: row ? t("{question}, row {row}", { question: words, row }) : words };
}

const followed = (node: AnyNode, all: AnyNode[]) => all.find((each) => knownOf(nameOf(each)) === nameOf(node));

function followUp(node: AnyNode, all: AnyNode[]): string {
  const before = followed(node, all) as SelectNode | undefined;
  const chosen = before?.currentState.valueOptions.filter((each) => before.isSelected(each.value)) ?? [];
  const question = node.currentState.label?.asString ?? "";
  return t("Answered “{answer}”. Missing: {question}", { answer: chosen.map((each) => each.label.asString).join(", "), question });
}

/** The author's own words for a question that must be answered, or ours. */
export function neededWords(node: AnyNode): string {
  const violation = "violation" in node.validationState ? node.validationState.violation : null;
  return violation?.message?.asString || t("An answer is needed.");
}

/** The author's own words for an answer that does not fit, or ours: never an expression. */
export function checkWords(node: AnyNode): string {
  const violation = "violation" in node.validationState ? node.validationState.violation : null;
  return violation?.message?.asString || t("Please check this answer.");
}

export function typedTwice(form: FormSession, node: AnyNode): string {
  const again = form.second.of(node);
  if (again === "") return t("Typed once. Type it again: it is a figure.");
  return t("{first} and {second} differ. Type it again.", { first: valueOf(node), second: again });
}

/** A check that does not hold: what must agree, and the figures that do not. */
export function unmetWords(explanation: Record<string, string>, difference: string, figures: AnyNode[]): string {
  const said = figures.map((node) => `${node.currentState.label?.asString ?? nameOf(node)}: ${valueOf(node)}`);
  const apart = Number(difference) ? [t("Difference: {number}", { number: difference })] : [];
  return [t("Please check these figures. The rule: {rule}", { rule: inLanguage(explanation) }), ...said, ...apart].join("\n");
}
