// Answers as large buttons, of which one is chosen.
import type { SelectNode } from "@getodk/xforms-engine";
import type { ComponentChildren } from "preact";
import { follows } from "../form/Label.tsx";
import type { FormSession } from "../form/session.ts";

export interface Tile {
  value: string;
  words: string;
  picture?: ComponentChildren;
}

interface Shown {
  node: SelectNode;
  form: FormSession;
  label: string;
  tiles: Tile[];
  /** What is done besides choosing. */
  choose?: (value: string) => void;
}

export function Tiles({ node, form, label, tiles, choose }: Shown) {
  follows(form);
  const set = choose ?? ((value: string) => node.selectValue(value));
  return (
    <div class="tiles" role="radiogroup" aria-labelledby={label}>
      {tiles.map(({ value, words, picture }) => (
        <label key={value} class={[node.isSelected(value) && "on", picture && "pictured"].filter(Boolean).join(" ")}>
          <input class="sr" type="radio" name={node.nodeId} checked={node.isSelected(value)} onChange={() => form.change(() => set(value))} />
          {picture}
          <span>{words}</span>
        </label>
      ))}
    </div>
  );
}
