// Words, numbers, dates and times, typed.
import type { InputNode } from "@getodk/xforms-engine";
import { useRef, useState } from "preact/hooks";
import { t } from "../words.ts";
import { carried } from "./answers.ts";
import { Block, follows, type Asked } from "./Label.tsx";
import { typedTwice } from "./missing.ts";
import { fromLocal, toLocal } from "./moments.ts";
import { NumberField, OddNumber, useTyped } from "./NumberField.tsx";

/** Milliseconds after a field was left until it is said that its figures differ. */
const AFTER = 400;

interface Typed {
  id: string;
  text: string;
  set: (value: string) => void;
}

export function Input({ node, form }: Asked<InputNode>) {
  follows(form);
  const text = String(node.currentState.instanceValue);
  const set = (value: string) => form.change(() => (node as InputNode<"string">).setValue(value));
  const typed = { id: node.nodeId, text, set };
  return (
    <Block node={node} form={form}>
      {form.second.asks(node) ? (
        <Figure {...typed} node={node} form={form} />
      ) : node.valueType === "int" ? (
        <Stepper {...typed} />
      ) : node.valueType === "decimal" ? (
        <NumberField whole={false} class="text" labelled={node.nodeId} text={text} set={set} />
      ) : node.valueType === "date" || node.valueType === "time" || node.valueType === "dateTime" ? (
        <Moment {...typed} kind={node.valueType} />
      ) : (
        <Words {...typed} />
      )}
    </Block>
  );
}

function Words({ id, text, set }: Typed) {
  return (
    <textarea
      class="text"
      rows={1}
      dir="auto"
      aria-labelledby={id}
      value={text}
      onInput={(event) => set(carried(event.currentTarget.value))}
    />
  );
}

/** A figure of a protocol: typed, and typed again. Which of the two is right, only the paper knows. */
function Figure({ id, text, set, node, form }: Typed & Asked<InputNode>) {
  const [typing, setTyping] = useState(false);
  const leaving = useRef<ReturnType<typeof setTimeout>>();
  const again = form.second.of(node);
  const whole = node.valueType === "int";
  const moves = {
    onFocus: () => (clearTimeout(leaving.current), setTyping(true)),
    // What is said then moves the page: not while a finger is on its way to a button.
    onBlur: () => void (leaving.current = setTimeout(() => setTyping(false), AFTER)),
  };
  return (
    <>
      <NumberField whole={whole} class="text figure" labelled={id} text={text} set={set} {...moves} />
      {text !== "" && (
        <label class="again">
          <span id={`${id}-again`}>{t("Type it again")}</span>
          <NumberField whole={whole} class="text figure" labelled={`${id} ${id}-again`} text={again} set={(typed) => form.typeAgain(node, typed)} {...moves} />
        </label>
      )}
      {!typing && form.second.isOpen(node) && (again !== "" || form.marked.has(node.nodeId)) && (
        <p class="check needed" role="alert">
          {typedTwice(form, node)}
        </p>
      )}
    </>
  );
}

function Stepper({ id, text, set }: Typed) {
  const { shown, odd, type } = useTyped(true, text, set);
  const step = (by: number) => type(String(Math.max(0, (Number(text) || 0) + by)));
  return (
    <>
      <div class="num">
        <button type="button" aria-label={t("One less")} aria-describedby={id} onClick={() => step(-1)}>
          −
        </button>
        <input
          dir="ltr"
          inputMode="numeric"
          aria-labelledby={id}
          aria-invalid={odd !== null}
          value={shown}
          onInput={({ currentTarget: field }) => (field.value = type(field.value))}
        />
        <button type="button" aria-label={t("One more")} aria-describedby={id} onClick={() => step(1)}>
          +
        </button>
      </div>
      <OddNumber whole odd={odd} />
    </>
  );
}

const KINDS = { date: "date", time: "time", dateTime: "datetime-local" } as const;

function Moment({ id, text, set, kind }: Typed & { kind: keyof typeof KINDS }) {
  return (
    <input
      class="text"
      type={KINDS[kind]}
      aria-labelledby={id}
      value={toLocal(kind, text)}
      onChange={(event) => set(fromLocal(kind, event.currentTarget.value))}
    />
  );
}
