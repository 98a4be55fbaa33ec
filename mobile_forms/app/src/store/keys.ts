// Whether this phone has a vault, and its keys while it is open. They are in the memory of this window alone.
import { signal } from "@preact/signals";
import type { Keys, Vault } from "./cipher.ts";

/** What the screens go by. */
export const vault = signal<"none" | "locked" | "open">("none");

let known: string | null = null;
let held: Keys | null = null;

/** Something sealed is wanted, and the vault is locked. */
export class Locked extends Error {}

export const keys = () => held;
/** The id of the vault that this window knows; null for none. */
export const knownVault = () => known;

/** Whether what is stored is as this window knows it; else it goes by what is stored from now on. */
export function meet(stored: Vault | undefined): boolean {
  if ((stored?.id ?? null) === known) return true;
  known = stored?.id ?? null;
  held = null;
  vault.value = stored ? "locked" : "none";
  return false;
}

export function hold(given: Keys): void {
  known = given.id;
  held = given;
}

export function letGoOfKeys(): void {
  held = null;
}
