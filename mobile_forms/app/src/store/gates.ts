// What still stands before an observer's reports count.
import type { Gates } from "./nouns.ts";

/** What the observer still has to do here; a declaration that waits for somebody is done. */
export function nextGate(gates: Gates | null | undefined): "pledge" | "declaration" | undefined {
  if (!gates) return undefined;
  if (gates.pledge !== "signed") return "pledge";
  if (gates.declaration === "missing") return "declaration";
  return undefined;
}

/** Whether a declaration is to be made here: none is accepted, and none is being read. */
export function asksDeclaration(gates: Gates | null | undefined): boolean {
  return !gates || gates.declaration === "missing" || gates.declaration === "refused";
}
