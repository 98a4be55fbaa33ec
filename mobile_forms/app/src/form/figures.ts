// Figures of a protocol, typed twice: what was typed the second time is kept beside the form.
import type { AnyNode, RootNode } from "@getodk/xforms-engine";
import { isAsked, leaves } from "./tree.ts";

const NUMBERS = new Set<string>(["int", "decimal"]);
/** The stages whose numbers are figures of a protocol. */
const OF_PROTOCOLS = new Set(["counting", "tabulation"]);

/** Author's words in the column `appearance`: typed twice, or once, whatever the stage. */
const TWICE = "twice";
const ONCE = "once";

export const valueOf = (node: AnyNode) => ("instanceValue" in node.currentState ? String(node.currentState.instanceValue) : "");

/** Whether a question is a figure that is typed twice. */
export function isFigure(node: AnyNode, stage: string): boolean {
  if (node.nodeType !== "input" || !NUMBERS.has(node.valueType)) return false;
  const looks = new Set<string>(node.appearances);
  return looks.has(TWICE) || (OF_PROTOCOLS.has(stage) && !looks.has(ONCE));
}

/** What was typed the second time, by node; rows may move, so paths are only for the store. */
export class SecondTyping {
  private readonly typed = new Map<string, string>();

  constructor(
    private readonly root: RootNode,
    private readonly stage: string,
    stored: Record<string, string> | null,
  ) {
    for (const node of this.figures()) {
      // What a form begins with was not typed here: it is not asked for twice.
      const text = stored ? stored[node.currentState.reference] : valueOf(node);
      if (text) this.typed.set(node.nodeId, text);
    }
  }

  private *figures(): Generator<AnyNode> {
    for (const node of leaves(this.root)) if (isFigure(node, this.stage)) yield node;
  }

  asks = (node: AnyNode) => isFigure(node, this.stage);

  of = (node: AnyNode) => this.typed.get(node.nodeId) ?? "";

  set(node: AnyNode, text: string): void {
    this.typed.set(node.nodeId, text);
  }

  /** Typed, and not yet typed the same a second time. */
  isOpen(node: AnyNode): boolean {
    const first = valueOf(node);
    return this.asks(node) && isAsked(node) && first !== "" && !isSame(first, this.of(node));
  }

  stored(): Record<string, string> {
    const said = [...this.figures()].map((node) => [node.currentState.reference, this.of(node)] as const);
    return Object.fromEntries(said.filter(([, text]) => text !== ""));
  }
}

export const isSame = (first: string, second: string) => second !== "" && Number(first) === Number(second);
