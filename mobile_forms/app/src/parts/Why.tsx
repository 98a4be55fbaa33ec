// Why something was different: chosen with a tap, or written.
import { useState } from "preact/hooks";
import { written, type Reason } from "../store/correcting.ts";
import { t } from "../words.ts";

const WORDS: Record<Reason, () => string> = {
  mistyped: () => t("I mistyped it"),
  counted_again: () => t("They counted again after I sent it"),
  other_station: () => t("I took another station's number"),
  wrong_choice: () => t("I chose the wrong one"),
  other: () => t("Other reason"),
};

interface Shown {
  /** Where focus goes while no reason is chosen; of several on a page, each has its own. */
  id: string;
  title: string;
  reasons: readonly Reason[];
  /** The reason as it is written; empty while there is none. */
  say: (reason: string) => void;
}

export function Why({ id, title, reasons, say }: Shown) {
  const [chosen, setChosen] = useState<Reason>();
  const [words, setWords] = useState("");
  const choose = (reason: Reason, text: string) => {
    setChosen(reason);
    setWords(text);
    say(reason === "other" && !text.trim() ? "" : written(reason, text));
  };
  return (
    <section class="why">
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      <div class="tiles" role="radiogroup" aria-labelledby={id}>
        {reasons.map((each) => (
          <label key={each} class={each === chosen ? "on" : ""}>
            <input class="sr" type="radio" name={id} checked={each === chosen} onChange={() => choose(each, words)} />
            <span>{WORDS[each]()}</span>
          </label>
        ))}
      </div>
      {chosen === "other" && (
        <label class="field">
          <span>{t("In a few words. No names.")}</span>
          <input class="text" dir="auto" maxLength={150} value={words} onInput={(event) => choose("other", event.currentTarget.value)} />
        </label>
      )}
    </section>
  );
}
