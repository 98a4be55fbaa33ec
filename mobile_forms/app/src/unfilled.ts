// A field that has to be filled and is not: said in the app's language, not in the browser's.
import { t } from "./words.ts";

/** Give the browser our words for it; they go as soon as something is typed. */
export function sayUnfilled(): void {
  addEventListener("invalid", ({ target }) => fieldOf(target)?.setCustomValidity(t("Fill this in first.")), true);
  addEventListener("input", ({ target }) => fieldOf(target)?.setCustomValidity(""), true);
}

const fieldOf = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
