// Why an answer is right as it stands: a line of the report's remarks, which the desk reads.
import type { InputNode } from "@getodk/xforms-engine";
import { carried } from "./answers.ts";
import { valueOf } from "./figures.ts";
import type { FormSession } from "./session.ts";
import { isAsked, leaves, nameOf } from "./tree.ts";

const REMARKS = "remarks";

/** The form's question for anything else, where it has one that is asked now. */
export const remarksOf = (form: FormSession) =>
  [...leaves(form.root)].find((node) => nameOf(node) === REMARKS && node.nodeType === "input" && isAsked(node)) as InputNode<"string"> | undefined;

/** What was said about a question, if anything. */
export function remarked(form: FormSession, about: string): string {
  const node = remarksOf(form);
  const line = node ? valueOf(node).split("\n").find((each) => each.startsWith(`${about}: `)) : undefined;
  return line?.slice(about.length + 2) ?? "";
}

export function remark(form: FormSession, about: string, why: string): void {
  const node = remarksOf(form);
  const line = `${about}: ${carried(why).replace(/\s+/g, " ").trim()}`;
  if (node) form.change(() => node.setValue([valueOf(node), line].filter(Boolean).join("\n")));
}
