// Words, numbers, dates and times, typed.
import type { InputNode } from "@getodk/xforms-engine";
import { t } from "../words.ts";
import { carried } from "./answers.ts";
import { Block, follows, type Asked } from "./Label.tsx";
import { fromLocal, toLocal } from "./moments.ts";

const MOST_DIGITS = 9;

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
      {node.valueType === "int" ? (
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
          const digits = latin(event.currentTarget.value).replace(/\D/g, "").slice(0, MOST_DIGITS);
          event.currentTarget.value = digits;
          set(digits);
        }}
      />
      <button type="button" aria-label={t("One more")} aria-describedby={id} onClick={() => step(1)}>
        +
      </button>
    </div>
  );
}

function Decimal({ id, text, set }: Typed) {
  const read = (typed: string) => latin(typed).replace(/[,٫]/g, ".").replace(/[^\d.-]/g, "");
  return (
    <input
      class="text"
      dir="ltr"
      inputMode="decimal"
      aria-labelledby={id}
      value={text}
      onChange={(event) => set(read(event.currentTarget.value))}
    />
  );
}

/** Digits of Arabic and Persian keyboards as the Latin ones that a report carries. */
export const latin = (text: string) =>
  text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0)! - (digit < "۰" ? 0x660 : 0x6f0)) % 10));

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
