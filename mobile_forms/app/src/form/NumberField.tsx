// A field for a number. What is none stays in the field and is said; it becomes no answer, and no other number.
import { useState } from "preact/hooks";
import { t } from "../words.ts";
import { readDecimal, readWhole } from "./typed.ts";

interface Shown {
  whole: boolean;
  class?: string;
  labelled: string;
  /** The answer as it stands. */
  text: string;
  set: (value: string) => void;
  onFocus?: () => void;
  onBlur?: () => void;
}

/** What is in a field of a number: the answer, or what is none. */
export function useTyped(whole: boolean, text: string, set: (value: string) => void) {
  const [odd, setOdd] = useState<string | null>(null);
  const type = (typed: string) => {
    const value = whole ? readWhole(typed) : readDecimal(typed);
    setOdd(value === null ? typed : null);
    if (value !== null || text !== "") set(value ?? "");
    return value ?? typed;
  };
  return { shown: odd ?? text, odd, type };
}

export function NumberField({ whole, labelled, text, set, onFocus, onBlur, ...rest }: Shown) {
  const { shown, odd, type } = useTyped(whole, text, set);
  // A decimal point that is being typed is no number yet: it is read when the field is left.
  const event = whole ? "onInput" : "onChange";
  const read = { [event]: ({ currentTarget: field }: { currentTarget: HTMLInputElement }) => (field.value = type(field.value)) };
  return (
    <>
      <input class={rest.class} dir="ltr" inputMode={whole ? "numeric" : "decimal"} autocomplete="off" aria-labelledby={labelled} aria-invalid={odd !== null} value={shown} onFocus={onFocus} onBlur={onBlur} {...read} />
      <OddNumber whole={whole} odd={odd} />
    </>
  );
}

export function OddNumber({ whole, odd }: { whole: boolean; odd: string | null }) {
  if (odd === null) return null;
  return (
    <p class="check needed" role="alert">
      {whole ? t("“{typed}” is no whole number, so it is not kept. Type digits alone, 9 at most.", { typed: odd }) : t("“{typed}” is no number, so it is not kept.", { typed: odd })}
    </p>
  );
}
