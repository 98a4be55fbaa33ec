// What several answers must agree in: calculated by the form's own engine, beside the answers and never among them.
import type { AnyNode, RootNode } from "@getodk/xforms-engine";
import type { Check } from "../store/nouns.ts";
import { CHECKED, childrenOf, nameOf } from "./tree.ts";

const quoted = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

const place = (check: number) => `c${check}`;
const fields = (checks: Check[]) => checks.map((_, number) => `<${place(number)}/><${place(number)}d/>`).join("");

/** The form with a hidden field for each check, "1" where it does not hold, and one for the difference. */
export function withChecks(xform: string, checks: Check[]): string {
  const root = rootOf(xform);
  if (checks.length === 0 || !root) return xform;
  const bind = (name: string, calculate: string) =>
    `<bind nodeset="/${root}/${CHECKED}/${name}" type="string" calculate="${quoted(calculate)}"/>`;
  const binds = checks.flatMap((check, number) => [
    bind(place(number), `if(${check.flag_when}, '1', '')`),
    bind(`${place(number)}d`, check.difference ? `if(${check.flag_when}, string(${check.difference}), '')` : "''"),
  ]);
  return withFields(xform, root, checks).replace("<bind ", () => `${binds.join("")}<bind `);
}

/** A draft that was begun without these fields, with them: the same form opens it. */
export function draftWithChecks(xml: string, xform: string, checks: Check[]): string {
  const root = rootOf(xform);
  if (checks.length === 0 || !root) return xml;
  const without = xml.replace(new RegExp(`<${CHECKED}[ >].*?</${CHECKED}>|<${CHECKED}/>`, "s"), "");
  return withFields(without, root, checks);
}

const withFields = (xml: string, root: string, checks: Check[]) =>
  xml.replace(`</${root}>`, () => `<${CHECKED}>${fields(checks)}</${CHECKED}></${root}>`);

/** The name of the element that holds the answers. */
const rootOf = (xform: string) => xform.match(/<instance>\s*<([\w.-]+)/)?.[1];

export interface NotHeld {
  check: Check;
  /** How far the figures are apart, where the check says so. */
  difference: string;
}

/** The checks that do not hold now. */
export function notHeld(root: RootNode, checks: Check[]): NotHeld[] {
  const group = childrenOf(root).find((node) => nameOf(node) === CHECKED);
  const values = new Map((group ? childrenOf(group) : []).map((node) => [nameOf(node), valueOf(node)]));
  return checks.flatMap((check, number) => {
    const difference = values.get(`${place(number)}d`) ?? "";
    const within = difference !== "" && Math.abs(Number(difference)) <= check.tolerance;
    return values.get(place(number)) === "1" && !within ? [{ check, difference }] : [];
  });
}

const valueOf = (node: AnyNode) => ("instanceValue" in node.currentState ? String(node.currentState.instanceValue) : "");
