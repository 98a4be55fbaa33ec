// A second tap of the same finger, on whatever stands there by then, means nothing.

/** Where tapping quickly is meant: the steps of a number. */
const QUICK = ".num";

/** Whether a click is the second of a double tap on something that acts. */
export function isSecondTap(click: MouseEvent): boolean {
  const at = click.target instanceof Element ? click.target : null;
  return click.detail > 1 && at?.closest("button, a, summary") != null && at.closest(QUICK) === null;
}

/** Let nothing be sent twice, nor what has just appeared under the finger be pressed. */
export function ignoreSecondTaps(): void {
  const ignore = (click: MouseEvent) => {
    if (!isSecondTap(click)) return;
    click.preventDefault();
    click.stopImmediatePropagation();
  };
  addEventListener("click", ignore, true);
}
