// Going to a question: it is brought into view and its field takes the focus.

const FIELDS = "input:checked, input:not([type=search]), textarea, select, button";

/** Bring a question into view and let its first field, or its second typing, take the focus. */
export function focusOn(id: string, again = false): void {
  const words = document.getElementById(id);
  const box = words?.closest(".how, .question");
  if (!words || !box) return;
  const field = (again && box.querySelector<HTMLElement>(".again input")) || box.querySelector<HTMLElement>(FIELDS);
  (field ?? focusable(words)).focus({ preventScroll: true });
  words.scrollIntoView({ block: box.matches(".how") ? "center" : "start" });
}

/** Let a heading take the focus, so that it is read out and what follows is next. */
export function focusOnHeading(heading: HTMLElement | null): void {
  if (heading) focusable(heading).focus({ preventScroll: true });
}

function focusable(words: HTMLElement): HTMLElement {
  words.tabIndex = -1;
  return words;
}
