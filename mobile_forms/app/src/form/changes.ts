// What a correction says otherwise than what was sent before.
import type { AnyNode, RootNode, SelectItem } from "@getodk/xforms-engine";
import { t } from "../words.ts";
import { answerOf } from "./answers.ts";
import type { FormSession } from "./session.ts";
import { childrenOf, contestNode, isAsked, isContext, leaves, nameOf, sectionsOf } from "./tree.ts";

export interface Change {
  name: string;
  number: number | undefined;
  label: string;
  before: string;
  after: string;
  /** Where the question stands, if it is asked now. */
  at: { node: string; section: number } | null;
}

type Said = Record<string, unknown>;

/** The names of the answers that differ; the order of what was ticked, and 7 or "7", say the same. */
export function differing(before: Said, after: Said): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => plain(before[name]) !== plain(after[name]));
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.every((each) => typeof each !== "object") ? value.map(String).sort().join(" ") : JSON.stringify(value);
  return value === undefined || value === null ? "" : String(value);
}

/** Every change of a correction, in the order of its form. */
export function changesOf(form: FormSession): Change[] {
  const { corrects } = form.draft;
  if (!corrects) return [];
  const [before, after] = [saidIn(form, corrects), { ...form.answers, ...(form.contest ? { contest: form.contest } : {}) }];
  const nodes = nodesByName(form.root);
  const order = [...nodes.keys()];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return differing(before, after)
    .sort((a, b) => place(a) - place(b))
    .map((name) => changeOf(form, name, nodes.get(name), before[name], after[name as keyof typeof after]));
}

/** What was sent, with its contest where one is chosen. */
function saidIn(form: FormSession, { envelope, answers }: { envelope: Said; answers: Said }): Said {
  return form.contest && typeof envelope.contest === "string" ? { ...answers, contest: envelope.contest } : answers;
}

function changeOf(form: FormSession, name: string, node: AnyNode | undefined, before: unknown, after: unknown): Change {
  return {
    name,
    number: node && form.numbers.get(node.nodeId),
    label: node?.currentState.label?.asString ?? name,
    before: wordsOf(node, before),
    after: wordsOf(node, after),
    at: node && isAsked(node) ? { node: node.nodeId, section: sectionOf(form, node) } : null,
  };
}

const sectionOf = (form: FormSession, node: AnyNode) =>
  Math.max(0, form.sections.findIndex((section) => section.nodes.some((each) => each === node || [...leaves(each)].includes(node))));

/** The questions by the names that their answers have; a repeat is one. */
function nodesByName(root: RootNode): Map<string, AnyNode> {
  const found = new Map<string, AnyNode>();
  const add = (node: AnyNode): void => {
    if (node.nodeType === "group") childrenOf(node).forEach(add);
    else if (!isContext(node)) found.set(nameOf(node), node);
  };
  const contest = contestNode(root);
  if (contest) found.set("contest", contest);
  for (const section of sectionsOf(root)) section.nodes.forEach(add);
  return found;
}

/** An answer in the words of its question. */
export function wordsOf(node: AnyNode | undefined, value: unknown): string {
  if (plain(value) === "") return t("no answer");
  if (node?.nodeType === "upload") return t("a file");
  if (node?.nodeType === "select") {
    const options: readonly SelectItem[] = node.currentState.valueOptions;
    const label = (name: string) => options.find((each) => each.value === name)?.label.asString ?? name;
    return (Array.isArray(value) ? value : [value]).map((each) => label(String(each))).join(", ");
  }
  if (Array.isArray(value)) return t("rows: {count}", { count: value.length });
  return plain(value);
}

/** An answer as it stands now, in words; nothing where there is none. */
export function answerWords(form: FormSession, node: AnyNode): string {
  if (node.nodeType.startsWith("repeat-range")) return t("rows: {count}", { count: childrenOf(node).length });
  const answer = answerOf(node) ?? form.carried(node);
  return answer === null ? "" : wordsOf(node, answer);
}
