// Answers that were sent before, back into a form: a correction begins from what was said.
import type { AnyNode, InputNode, RepeatRangeUncontrolledNode, RootNode, SelectNode } from "@getodk/xforms-engine";
import { childrenOf, contestNode, isContext, leaves, nameOf } from "./tree.ts";

type Said = Record<string, unknown>;

/** Fill a new form. Twice: what a question depends on may stand after it. */
export function fill(root: RootNode, answers: Said, contest: string | null): void {
  for (let round = 0; round < 2; round++) {
    if (contest) chooseContest(root, contest);
    for (const node of childrenOf(root)) fillNode(node, answers);
  }
}

/** Choose the contest that a protocol is of, where it is asked and stands in the list. */
export function chooseContest(root: RootNode, contest: string): void {
  const node = contestNode(root) as SelectNode | undefined;
  if (node?.currentState.relevant && offers(node, contest)) node.selectValue(contest);
}

function fillNode(node: AnyNode, said: Said): void {
  const value = said[nameOf(node)];
  if (node.nodeType.startsWith("repeat-range")) {
    if (Array.isArray(value)) fillRows(node, value as Said[]);
  } else if (node.currentState.children) {
    for (const child of childrenOf(node)) if (!isContext(child)) fillNode(child, said);
  } else if (value !== undefined && value !== null) {
    fillLeaf(node, value);
  }
}

function fillRows(node: AnyNode, rows: Said[]): void {
  if (node.nodeType === "repeat-range:uncontrolled") {
    const range = node as unknown as RepeatRangeUncontrolledNode;
    while (childrenOf(node).length < rows.length) range.addInstances();
  }
  childrenOf(node).forEach((row, place) => {
    for (const child of childrenOf(row)) fillNode(child, rows[place] ?? {});
  });
}

const offers = (node: SelectNode, value: string) => node.currentState.valueOptions.some((each) => each.value === value);

function fillLeaf(node: AnyNode, value: unknown): void {
  if (node.nodeType === "select") {
    const chosen = (Array.isArray(value) ? value : [value]).map(String).filter((each) => offers(node, each));
    if (node.selectType === "select") node.selectValues(chosen);
    else if (chosen[0] !== undefined) node.selectValue(chosen[0]);
  } else if (node.nodeType === "input") {
    (node as InputNode<"string">).setValue(String(value));
  }
}

/** Kinds of questions whose answers were filled in, if they stand in the form. */
const FILLED = new Set(["select", "input", "note", "model-value", "trigger"]);

/** What was said before to questions that are still asked and cannot be filled in, such as photos. */
export function carriedOver(root: RootNode, said: Said): Said {
  const kept = [...leaves(root)].filter((node) => node.currentState.relevant && !FILLED.has(node.nodeType));
  return Object.fromEntries(kept.map(nameOf).filter((name) => said[name] !== undefined).map((name) => [name, said[name]]));
}
