// Words, numbers, dates and times, typed.
import type { InputNode } from "@getodk/xforms-engine";
import { useRef, useState } from "preact/hooks";
import { t } from "../words.ts";
import { carried } from "./answers.ts";
import { Block, follows, type Asked } from "./Label.tsx";
import { typedTwice } from "./missing.ts";
import { fromLocal, toLocal } from "./moments.ts";

const MOST_DIGITS = 9;
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
        <Decimal {...typed} />
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
  const read = node.valueType === "int" ? digitsOf : decimalOf;
  // A decimal point that is being typed is no number yet: it is read when the field is left.
  const event = node.valueType === "int" ? "onInput" : "onChange";
  const field = (value: string, keep: (typed: string) => void) => ({
    class: "text figure",
    dir: "ltr" as const,
    inputMode: node.valueType === "int" ? ("numeric" as const) : ("decimal" as const),
    autocomplete: "off",
    value,
    onFocus: () => (clearTimeout(leaving.current), setTyping(true)),
    // What is said then moves the page: not while a finger is on its way to a button.
    onBlur: () => (leaving.current = setTimeout(() => setTyping(false), AFTER)),
    [event]: ({ currentTarget: shown }: { currentTarget: HTMLInputElement }) => {
      shown.value = read(shown.value);
      keep(shown.value);
    },
  });
  return (
    <>
      <input aria-labelledby={id} {...field(text, set)} />
      {text !== "" && (
        <label class="again">
          <span id={`${id}-again`}>{t("Type it again")}</span>
          <input aria-labelledby={`${id} ${id}-again`} {...field(again, (typed) => form.typeAgain(node, typed))} />
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
  const step = (by: number) => set(String(Math.max(0, (Number(text) || 0) + by)));
  return (
    <div class="num">
      <button type="button" aria-label={t("One less")} aria-describedby={id} onClick={() => step(-1)}>
        −
      </button>
      <input
        dir="ltr"
        inputMode="numeric"
        aria-labelledby={id}
        value={text}
        onInput={(event) => {
          event.currentTarget.value = digitsOf(event.currentTarget.value);
          set(event.currentTarget.value);
        }}
      />
      <button type="button" aria-label={t("One more")} aria-describedby={id} onClick={() => step(1)}>
        +
      </button>
    </div>
  );
}

function Decimal({ id, text, set }: Typed) {
  return (
    <input
      class="text"
      dir="ltr"
      inputMode="decimal"
      aria-labelledby={id}
      value={text}
      onChange={(event) => set(decimalOf(event.currentTarget.value))}
    />
  );
}

/** Digits of Arabic and Persian keyboards as the Latin ones that a report carries. */
export const latin = (text: string) =>
  text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0)! - (digit < "۰" ? 0x660 : 0x6f0)) % 10));

const digitsOf = (typed: string) => latin(typed).replace(/\D/g, "").slice(0, MOST_DIGITS);
const decimalOf = (typed: string) => latin(typed).replace(/[,٫]/g, ".").replace(/[^\d.-]/g, "");

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
