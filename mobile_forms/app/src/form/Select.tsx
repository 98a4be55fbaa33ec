// Options to choose from, and under the one that asks for it: did you see it, or were you told?
import type { SelectNode } from "@getodk/xforms-engine";
import { useState } from "preact/hooks";
import { t } from "../words.ts";
import { Block, follows, Lacking, type Asked } from "./Label.tsx";
import { Picture } from "./Picture.tsx";

/** Reserved answers: they say that there is none, and are drawn apart. */
const SET_APART = new Set(["not_observed", "not_applicable"]);
/** More options than this are searched. */
const MANY = 15;

export function Select({ node, form, follow }: Asked<SelectNode> & { follow: SelectNode | undefined }) {
  follows(form);
  const many = node.selectType === "select";
  const options = node.currentState.valueOptions;
  const [sought, setSought] = useState("");
  const searched = options.length > MANY;
  const shown = options.filter((option) => !searched || node.isSelected(option.value) || holds(option, sought));
  const last = options.findLast((option) => node.isSelected(option.value))?.value;
  const choose = (value: string) =>
    form.change(() => (many ? node.selectValues(toggled(node.currentState.value, value)) : node.selectValue(value)));
  return (
    <Block node={node} form={form}>
      {searched && (
        <input
          class="text search"
          type="search"
          placeholder={t("Search the list")}
          aria-label={t("Search the list")}
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
        />
      )}
      {searched && shown.length === 0 && <p class="say">{t("Nothing in the list holds these words.")}</p>}
      <div role={many ? "group" : "radiogroup"} aria-labelledby={node.nodeId}>
        {shown.map(({ value, label }) => (
          <div key={value}>
            <label class={optionClass(value, node.isSelected(value), many)}>
              <input
                class="sr"
                type={many ? "checkbox" : "radio"}
                name={node.nodeId}
                checked={node.isSelected(value)}
                onChange={() => choose(value)}
              />
              <span class="o" />
              <span>
                {label.asString}
                <Picture text={label} files={form.files} />
              </span>
            </label>
            {follow && value === last && <Known node={follow} form={form} />}
          </div>
        ))}
      </div>
    </Block>
  );
}

/** Whether an option's words or its code hold what is sought. */
function holds(option: { value: string; label: { asString: string } }, sought: string): boolean {
  return `${option.label.asString} ${option.value}`.toLocaleLowerCase().includes(sought.trim().toLocaleLowerCase());
}

/** "Nobody" or "not observed" together with somebody is for the form's own rules to speak of. */
function toggled(chosen: readonly string[], value: string): string[] {
  return chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
}

function optionClass(value: string, on: boolean, many: boolean): string {
  return ["opt", on && "on", many && "many", SET_APART.has(value) && "no"].filter(Boolean).join(" ");
}

function Known({ node, form }: Asked<SelectNode>) {
  follows(form);
  return (
    <div class={form.sought === node.nodeId ? "how sought" : "how"}>
      <p id={node.nodeId}>{node.currentState.label?.asString}</p>
      <div class="seg" role="radiogroup" aria-labelledby={node.nodeId}>
        {node.currentState.valueOptions.map(({ value, label }) => (
          <label key={value} class={node.isSelected(value) ? "on" : ""}>
            <input
              class="sr"
              type="radio"
              name={node.nodeId}
              checked={node.isSelected(value)}
              onChange={() => form.change(() => node.selectValue(value))}
            />
            {label.asString}
          </label>
        ))}
      </div>
      <Lacking node={node} form={form} />
    </div>
  );
}
