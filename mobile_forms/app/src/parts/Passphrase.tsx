// Fields for a passphrase, that can be looked at while it is typed.
import { useState } from "preact/hooks";
import { t } from "../words.ts";

interface Props {
  labels: string[];
  values: string[];
  change: (values: string[]) => void;
  /** Whether it is a new one, that the browser must not fill in. */
  fresh?: boolean;
}

export function Passphrase({ labels, values, change, fresh = false }: Props) {
  const [seen, setSeen] = useState(false);
  return (
    <>
      {labels.map((label, place) => (
        <label class="field" key={label}>
          <span>{label}</span>
          <input
            type={seen ? "text" : "password"}
            dir="auto"
            autocapitalize="none"
            autocomplete={fresh ? "new-password" : "off"}
            spellcheck={false}
            required
            value={values[place]}
            onInput={(event) => change(values.map((each, at) => (at === place ? event.currentTarget.value : each)))}
          />
        </label>
      ))}
      <label class="tick">
        <input type="checkbox" checked={seen} onChange={(event) => setSeen(event.currentTarget.checked)} /> {t("Show what I type")}
      </label>
    </>
  );
}
