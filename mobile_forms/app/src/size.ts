// How large the text is, as the observer likes it; the phone's own settings come first.
import { signal } from "@preact/signals";
import "./largest.css";

export const SIZES = ["normal", "large", "largest"] as const;
export type Size = (typeof SIZES)[number];
const KEY = "indelible-size";

export const size = signal<Size>(SIZES.find((each) => each === localStorage.getItem(KEY)) ?? "normal");

export function applySize(chosen = size.value): void {
  size.value = chosen;
  localStorage.setItem(KEY, chosen);
  document.documentElement.dataset.size = chosen;
}
