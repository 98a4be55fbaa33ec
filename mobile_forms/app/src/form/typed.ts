// A number as it was typed: the text of the answer, or nothing that is one. None is changed into another number.
const MOST_DIGITS = 9;

/** Digits of Arabic and Persian keyboards as the Latin ones that a report carries. */
export const latin = (text: string) =>
  text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0)! - (digit < "۰" ? 0x660 : 0x6f0)) % 10));

/** Digits, with spaces between thousands at most; null for all else. */
export function readWhole(typed: string): string | null {
  const text = latin(typed).replace(/\s/g, "");
  return /^\d*$/.test(text) && text.length <= MOST_DIGITS ? text : null;
}

/** A number with a point or a comma, perhaps below nothing; null for all else. */
export function readDecimal(typed: string): string | null {
  const text = latin(typed).replace(/\s/g, "").replace(/[,٫]/g, ".");
  return text === "" || /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? text.replace(/\.$/, "") : null;
}
