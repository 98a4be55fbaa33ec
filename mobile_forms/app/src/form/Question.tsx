// One question, drawn by its kind. Answers are never coloured good or bad.
import type { AnyNode, InputNode, SelectNode, UploadNode } from "@getodk/xforms-engine";
import type { ComponentChildren } from "preact";
import { t } from "../words.ts";
import { nameOf } from "./answers.ts";
import { Repeat } from "./Repeat.tsx";
import type { FormSession } from "./session.ts";

const KNOWN = "__known";
const SET_APART = new Set(["not_observed", "not_applicable"]);

/** Draw again with every change of the form: a node stays the same while its state changes. */
export const follows = (form: FormSession) => form.changes.value;

interface Asked<T> {
  node: T;
  number: number | null;
  form: FormSession;
  follow?: SelectNode | undefined;
}

/** The questions of a section, each with the follow-up that belongs inside it. */
export function Questions({ nodes, form, from }: { nodes: readonly AnyNode[]; form: FormSession; from: number }) {
  follows(form);
  let number = from;
  const relevant = nodes.filter((node) => node.currentState.relevant);
  return (
    <>
      {relevant.map((node) => {
        const name = nameOf(node);
        if (name.endsWith(KNOWN)) return null;
        const follow = relevant.find((each) => nameOf(each) === name + KNOWN) as SelectNode | undefined;
        number += 1;
        return <Question key={node.nodeId} node={node} number={number} form={form} follow={follow} />;
      })}
    </>
  );
}

export function Question({ node, number, form, follow }: Asked<AnyNode>) {
  follows(form);
  if (node.nodeType.startsWith("repeat-range")) return <Repeat node={node} form={form} />;
  if (node.nodeType === "group") {
    return <Questions nodes={node.currentState.children as AnyNode[]} form={form} from={number ?? 0} />;
  }
  if (node.nodeType === "select") return <Select node={node} number={number} form={form} follow={follow} />;
  if (node.nodeType === "upload") return <Upload node={node as UploadNode} number={number} form={form} />;
  if (node.nodeType === "input") return <Input node={node as InputNode} number={number} form={form} />;
  if (node.nodeType === "note") return <p class="say">{node.currentState.label?.asString}</p>;
  return null;
}

export function Label({ node, number, children }: { node: AnyNode; number: number | null; children?: ComponentChildren }) {
  const hint = node.currentState.hint?.asString;
  return (
    <>
      <h2 class="ask" id={node.nodeId}>
        {number !== null && <span dir="ltr">{number}</span>}
        <span>{node.currentState.label?.asString ?? nameOf(node)}</span>
        {children}
      </h2>
      {hint && <p class="hint">{hint}</p>}
    </>
  );
}

function Violation({ node }: { node: AnyNode }) {
  if (!("violation" in node.validationState) || !node.validationState.violation) return null;
  const { condition, message } = node.validationState.violation;
  if (condition === "required") return null;
  return (
    <p class="check" role="alert">
      {message?.asString ?? t("Please check this answer.")}
    </p>
  );
}

function Select({ node, number, form, follow }: Asked<SelectNode>) {
  follows(form);
  const many = node.selectType === "select";
  const last = [...node.currentState.value].at(-1);
  const choose = (value: string) =>
    form.change(() => {
      if (!many) return node.selectValue(value);
      const chosen = new Set(node.currentState.value);
      if (!chosen.delete(value)) chosen.add(value);
      return node.selectValues([...chosen]);
    });
  return (
    <section class="question">
      <Label node={node} number={number} />
      <div role={many ? "group" : "radiogroup"} aria-labelledby={node.nodeId}>
        {node.currentState.valueOptions.map((option) => (
          <div key={option.value}>
            <label class={optionClass(option.value, node.isSelected(option.value), many)}>
              <input
                class="sr"
                type={many ? "checkbox" : "radio"}
                name={node.nodeId}
                checked={node.isSelected(option.value)}
                onChange={() => choose(option.value)}
              />
              <span class="o" />
              {option.label.asString}
            </label>
            {follow && option.value === last && <Known node={follow} form={form} />}
          </div>
        ))}
      </div>
      <Violation node={node} />
    </section>
  );
}

function optionClass(value: string, on: boolean, many: boolean): string {
  return ["opt", on && "on", many && "many", SET_APART.has(value) && "no"].filter(Boolean).join(" ");
}

/** Did you see it, or were you told? Inside the list, under the option that asks for it. */
function Known({ node, form }: { node: SelectNode; form: FormSession }) {
  follows(form);
  return (
    <div class="how">
      <p id={node.nodeId}>{node.currentState.label?.asString}</p>
      <div class="seg" role="radiogroup" aria-labelledby={node.nodeId}>
        {node.currentState.valueOptions.map((option) => (
          <label key={option.value} class={node.isSelected(option.value) ? "on" : ""}>
            <input
              class="sr"
              type="radio"
              name={node.nodeId}
              checked={node.isSelected(option.value)}
              onChange={() => form.change(() => node.selectValue(option.value))}
            />
            {option.label.asString}
          </label>
        ))}
      </div>
    </div>
  );
}

const KINDS: Record<string, string> = { date: "date", time: "time", dateTime: "datetime-local" };

function Input({ node, number, form }: Asked<InputNode>) {
  follows(form);
  const text = String(node.currentState.instanceValue);
  const set = (value: string) => form.change(() => (node as InputNode<"string">).setValue(value));
  return (
    <section class="question">
      <Label node={node} number={number} />
      {node.valueType === "int" ? (
        <Stepper node={node} text={text} set={set} />
      ) : node.valueType === "string" ? (
        <textarea class="text" rows={2} aria-labelledby={node.nodeId} value={text} onInput={(event) => set(event.currentTarget.value)} />
      ) : (
        <input
          class="text"
          type={KINDS[node.valueType] ?? "text"}
          inputMode={node.valueType === "decimal" ? "decimal" : undefined}
          aria-labelledby={node.nodeId}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
      <Violation node={node} />
    </section>
  );
}

function Stepper({ node, text, set }: { node: InputNode; text: string; set: (value: string) => void }) {
  const step = (by: number) => set(String(Math.max(0, (Number(text) || 0) + by)));
  return (
    <div class="num">
      <button type="button" aria-label="−1" onClick={() => step(-1)}>
        −
      </button>
      <input
        dir="ltr"
        inputMode="numeric"
        aria-labelledby={node.nodeId}
        value={text}
        onInput={(event) => {
          const digits = event.currentTarget.value.replace(/[^\d]/g, "").slice(0, 9);
          event.currentTarget.value = digits;
          set(digits);
        }}
      />
      <button type="button" aria-label="+1" onClick={() => step(1)}>
        +
      </button>
    </div>
  );
}

function Upload({ node, number, form }: Asked<UploadNode>) {
  follows(form);
  const file = node.currentState.value;
  const pick = (chosen: File | undefined) => {
    if (chosen) void form.takePhoto(node, chosen);
  };
  return (
    <section class="question">
      <Label node={node} number={number} />
      {file && <img class="photo" src={URL.createObjectURL(file)} alt={t("Your photo")} />}
      <div class="pair">
        <label class="btn">
          <input class="sr" type="file" accept="image/*" capture="environment" onChange={(event) => pick(event.currentTarget.files?.[0])} />
          {file ? t("Take another") : t("Take a photo")}
        </label>
        {file && (
          <button type="button" class="btn" onClick={() => void form.dropPhoto(node)}>
            {t("Remove")}
          </button>
        )}
      </div>
    </section>
  );
}
