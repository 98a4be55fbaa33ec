// The engine's tree as the app reads it: sections, questions, their names and numbers.
import type { AnyNode, RootNode } from "@getodk/xforms-engine";

/** What the app knows itself, and what is the engine's own: never a section. */
export const CONTEXT = "context";
/** Where the app has its checks calculated, beside the answers. */
export const CHECKED = "__checks";
const HIDDEN = new Set([CONTEXT, CHECKED, "meta"]);
const KNOWN = "__known";
const UNASKED = new Set(["note", "model-value"]);

type Parent = { currentState: { children: readonly unknown[] | null } };

/** One page of the form: a top-level group, or questions that stand outside any group. */
export interface Section {
  id: string;
  group: AnyNode | null;
  nodes: AnyNode[];
}

export const childrenOf = (node: Parent) => (node.currentState.children ?? []) as AnyNode[];

/** The last step of a node's reference: its name. */
export function nameOf(node: { currentState: { reference: string } }): string {
  return node.currentState.reference.split("/").pop()!.replace(/\[\d+\]$/, "");
}

export const knownOf = (name: string) => name + KNOWN;
export const isKnown = (node: AnyNode) => nameOf(node).endsWith(KNOWN);
export const isAsked = (node: AnyNode) => node.currentState.relevant && !UNASKED.has(node.nodeType);

/** Every leaf below a node, in order. */
export function* leaves(node: Parent): Generator<AnyNode> {
  for (const child of childrenOf(node)) {
    if (child.currentState.children) yield* leaves(child);
    else yield child;
  }
}

export function* leavesOf(section: Section): Generator<AnyNode> {
  for (const node of section.nodes) {
    if (node.currentState.children) yield* leaves(node);
    else yield node;
  }
}

/** The one part of the context that is asked: which contest a protocol is of. */
export const contestNode = (root: RootNode) => {
  const context = childrenOf(root).find((node) => nameOf(node) === CONTEXT);
  return (context ? [...leaves(context)] : []).find((node) => node.nodeType === "select" && nameOf(node) === "contest");
};

export const isContext = (node: AnyNode) => node.currentState.reference.split("/").at(-2) === CONTEXT;

export function sectionsOf(root: RootNode): Section[] {
  const sections: Section[] = [];
  const contest = contestNode(root);
  if (contest?.currentState.relevant) sections.push({ id: contest.nodeId, group: null, nodes: [contest] });
  for (const node of childrenOf(root)) {
    if (HIDDEN.has(nameOf(node))) continue;
    const last = sections.at(-1);
    if (node.nodeType === "group") sections.push({ id: node.nodeId, group: node, nodes: childrenOf(node) });
    else if (last && last.group === null) last.nodes.push(node);
    else sections.push({ id: node.nodeId, group: null, nodes: [node] });
  }
  return sections;
}

/** Whether a section asks anything now. */
export const isOpen = (section: Section) =>
  section.group?.currentState.relevant !== false && [...leavesOf(section)].some(isAsked);

export const titleOf = (section: Section) => section.group?.currentState.label?.asString ?? "";

/** The questions of a section that are asked now and have a number. A repeat is one; a follow-up, and the contest, which
 * is asked at some stations alone, are none. */
export function questionsOf(section: Section): AnyNode[] {
  const within = (node: AnyNode): AnyNode[] => {
    if (!node.currentState.relevant || UNASKED.has(node.nodeType)) return [];
    if (node.nodeType === "group") return childrenOf(node).flatMap(within);
    return isKnown(node) || isContext(node) ? [] : [node];
  };
  return section.group?.currentState.relevant === false ? [] : section.nodes.flatMap(within);
}

/** The number of each question that is asked now, counted from 1 without a gap. */
export const numbersOf = (root: RootNode) =>
  new Map(sectionsOf(root).flatMap(questionsOf).map((node, place) => [node.nodeId, place + 1]));

/** The rows around a node, the innermost first. */
export function rowsAround(node: AnyNode): AnyNode[] {
  const parent = node.parent as AnyNode | null;
  if (!parent || parent.nodeType === ("root" as AnyNode["nodeType"])) return [];
  return parent.nodeType.startsWith("repeat-instance") ? [parent, ...rowsAround(parent)] : rowsAround(parent);
}
