// From the engine's nodes to the answers of a report: groups flat, repeats as lists.
import type { AnyNode, RootNode } from "@getodk/xforms-engine";
import type { Answer, Answers } from "../report/report.ts";
import { childrenOf, contestNode, isAsked, isContext, leaves, leavesOf, nameOf, questionsOf, sectionsOf, type Section } from "./tree.ts";

const NUMBERS = new Set(["int", "decimal"]);

export function answersOf(root: RootNode): Answers {
  const answers: Answers = {};
  for (const section of sectionsOf(root)) {
    if (section.group?.currentState.relevant === false) continue;
    for (const node of section.nodes) if (!isContext(node)) collect(node, answers);
  }
  return answers;
}

/** The code of the contest that was chosen; null where none is asked for. It is no answer but of the envelope. */
export function contestOf(root: RootNode): string | null {
  const node = contestNode(root);
  const chosen = node?.currentState.relevant ? answerOf(node) : null;
  return typeof chosen === "string" ? chosen : null;
}

function collect(node: AnyNode, into: Answers): void {
  if (!node.currentState.relevant) return;
  if (node.nodeType.startsWith("repeat-range")) {
    const filled = childrenOf(node).map(rowOf).filter((row) => Object.keys(row).length > 0);
    if (filled.length > 0) into[nameOf(node)] = filled;
  } else if (node.currentState.children) {
    for (const child of childrenOf(node)) collect(child, into);
  } else {
    const answer = answerOf(node);
    if (answer !== null) into[nameOf(node)] = answer;
  }
}

function rowOf(instance: AnyNode): Answers {
  const row: Answers = {};
  for (const child of childrenOf(instance)) collect(child, row);
  return row;
}

export function answerOf(node: AnyNode): Answer | null {
  if (node.nodeType === "upload") return node.currentState.value?.name ?? null;
  if (node.nodeType === "select") {
    const chosen = [...node.currentState.value];
    if (chosen.length === 0) return null;
    return node.selectType === "select" ? chosen : chosen[0]!;
  }
  if (node.nodeType === "note" || node.nodeType === "trigger") return null;
  const text = "instanceValue" in node.currentState ? String(node.currentState.instanceValue) : "";
  if (text === "") return null;
  return "valueType" in node && NUMBERS.has(node.valueType) ? Number(text) : text;
}

const uploadsOf = (root: RootNode) =>
  sectionsOf(root).flatMap((section) => [...leavesOf(section)]).filter((node) => node.nodeType === "upload");
const isText = (answer: Answer | null) => typeof answer === "string";

/** Every photo that hangs on a question, whether it is asked now or not, by name. */
export const attachedTo = (root: RootNode): string[] => uploadsOf(root).map(answerOf).filter(isText);

/** The photos that are answers now. */
export const photosOf = (root: RootNode): string[] => uploadsOf(root).filter(isAsked).map(answerOf).filter(isText);

/** The files that are answers now. */
export const filesOf = (root: RootNode): File[] =>
  uploadsOf(root).filter(isAsked).flatMap((node) => (node.nodeType === "upload" ? (node.currentState.value ?? []) : []));

/** How many questions are asked now, as they are numbered, and how many have an answer; of a repeat any row's. */
export function progressOf(sections: Iterable<Section>, isAnswered = (node: AnyNode) => answerOf(node) !== null): [number, number] {
  const questions = [...sections].flatMap(questionsOf);
  const answered = questions.filter((node) => (node.currentState.children ? [...leaves(node)].some(isAnswered) : isAnswered(node)));
  return [answered.length, questions.length];
}

/** Text as a report may carry it: no half characters, none that XML cannot hold. */
export function carried(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "");
}
