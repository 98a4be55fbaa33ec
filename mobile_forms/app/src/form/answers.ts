// From the engine's nodes to the answers of a report: groups flat, repeats as lists.
import type { AnyNode, RootNode } from "@getodk/xforms-engine";
import type { Answer, Answers } from "../report/report.ts";
import { leaves } from "./engine.ts";

export const CONTEXT = "context";
const NUMBERS = new Set(["int", "decimal"]);

/** The last step of a node's reference: its name. */
export function nameOf(node: { currentState: { reference: string } }): string {
  return node.currentState.reference.split("/").pop()!.replace(/\[\d+\]$/, "");
}

/** The form's sections: its top-level groups, without what the app knows itself. */
export function sectionsOf(root: RootNode): AnyNode[] {
  return (root.currentState.children as AnyNode[]).filter(
    (node) => node.nodeType === "group" && nameOf(node) !== CONTEXT && nameOf(node) !== "meta",
  );
}

export function answersOf(root: RootNode, photos: ReadonlyMap<string, string>): Answers {
  const answers: Answers = {};
  for (const section of sectionsOf(root)) collect(section, photos, answers);
  return answers;
}

function collect(node: AnyNode, photos: ReadonlyMap<string, string>, into: Answers): void {
  if (!node.currentState.relevant) return;
  if (node.nodeType.startsWith("repeat-range")) {
    const rows = (node.currentState.children as AnyNode[]).map((instance) => {
      const row: Answers = {};
      for (const child of instance.currentState.children as AnyNode[]) collect(child, photos, row);
      return row;
    });
    const filled = rows.filter((row) => Object.keys(row).length > 0);
    if (filled.length > 0) into[nameOf(node)] = filled;
  } else if (node.currentState.children) {
    for (const child of node.currentState.children as AnyNode[]) collect(child, photos, into);
  } else {
    const answer = answerOf(node, photos);
    if (answer !== null) into[nameOf(node)] = answer;
  }
}

function answerOf(node: AnyNode, photos: ReadonlyMap<string, string>): Answer | null {
  if (node.nodeType === "upload") return photos.get(node.currentState.reference) ?? null;
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

/** How many questions are asked now, and how many have an answer. */
export function progressOf(nodes: Iterable<AnyNode>, photos: ReadonlyMap<string, string>): [number, number] {
  let [answered, asked] = [0, 0];
  for (const section of nodes) {
    for (const leaf of leaves(section)) {
      if (!leaf.currentState.relevant || leaf.nodeType === "note" || leaf.nodeType === "model-value") continue;
      asked += 1;
      if (answerOf(leaf, photos) !== null) answered += 1;
    }
  }
  return [answered, asked];
}
