// A question of the desk: "it is right" first and with one tap, or another answer as the next version.
import type { AnyNode, InputNode } from "@getodk/xforms-engine";
import { useState } from "preact/hooks";
import { changesOf } from "../form/changes.ts";
import { follows } from "../form/Label.tsx";
import { OddNumber } from "../form/NumberField.tsx";
import { readDecimal, readWhole } from "../form/typed.ts";
import { useForm } from "../form/open.ts";
import { Questions } from "../form/Question.tsx";
import type { FormSession } from "../form/session.ts";
import { knownOf, leaves, nameOf } from "../form/tree.ts";
import { useFinishing } from "../parts/finishing.ts";
import { Keep } from "../parts/frame.tsx";
import { taskWords } from "../parts/FromDesk.tsx";
import { Bubble } from "../parts/icons.tsx";
import { sentState } from "../parts/sentWords.ts";
import { Why } from "../parts/Why.tsx";
import { go } from "../route.ts";
import { beginCorrection, OF_ANSWERS } from "../store/correcting.ts";
import { answerTask, type AskedTask } from "../store/desk.ts";
import type { Sent } from "../store/sent.ts";
import { recount, sync } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";
import { becomes } from "./Report.tsx";

type Way = "other" | "note" | null;

export function Question({ task, sent }: { task: AskedTask; sent: Sent | null }) {
  const [way, setWay] = useState<Way>(null);
  const [draft, setDraft] = useState<string>();
  const { question } = task;
  const value = task.sent ? inLanguage(task.sent.label) || plain(task.sent.value) : "";
  const say = async (answer: "right" | "note", text = "") => {
    await answerTask(task.id, answer, text);
    await recount();
    void sync();
    go({ name: "day" });
  };
  const other = async () => {
    setWay("other");
    const begun = sent && (await beginCorrection(sent, ""));
    setDraft(begun?.id);
  };
  return (
    <main class="task">
      <Asked task={task} />
      {question && (
        <h2 class="ask">
          {question.number && <span class="number">{question.number}</span>}
          <span dir="auto">{inLanguage(question.label) || question.name}</span>
        </h2>
      )}
      {question && <p class="sent">{value ? <>{t("You sent")} <b dir="auto">{value}</b></> : t("You sent no answer to it.")}</p>}
      <button class="opt choice" onClick={() => void say("right")}>
        <span class="o" />
        <span>{value ? t("It is right: {answer}", { answer: value }) : t("It is right")}</span>
      </button>
      {question && sent?.said && (
        <button class={way === "other" ? "opt choice on" : "opt choice"} aria-expanded={way === "other"} onClick={() => void other()}>
          <span class="o" />
          <span>{typeof task.sent?.value === "number" ? t("It should be another number") : t("It should be another answer")}</span>
        </button>
      )}
      {way === "other" && draft && sent && <Correcting id={draft} name={question!.name} task={task} sent={sent} />}
      <button class={way === "note" ? "opt choice on" : "opt choice"} aria-expanded={way === "note"} onClick={() => setWay("note")}>
        <span class="o" />
        <span>{question ? t("I cannot say any more") : t("Write to the desk")}</span>
      </button>
      {way === "note" && <Note task={task} send={(text) => void say("note", text || t("I cannot say any more"))} needed={!question} />}
    </main>
  );
}

function Asked({ task }: { task: AskedTask }) {
  const time = clock(task.asked_at);
  return (
    <section class="asked">
      <Bubble />
      <div>
        <p>
          <b>{taskWords(task)}.</b> <span dir="auto">{task.text}</span>
        </p>
        <p class="under">{task.by ? t("From the desk, {who}, {time}", { who: task.by, time }) : t("From the desk, {time}", { time })}</p>
      </div>
    </section>
  );
}

function Note({ task, send, needed }: { task: AskedTask; send: (text: string) => void; needed: boolean }) {
  const [text, setText] = useState(task.said?.text ?? "");
  return (
    <form
      class="inner"
      onSubmit={(event) => {
        event.preventDefault();
        send(text.trim());
      }}
    >
      <label class="field">
        <span>{needed ? t("Your answer") : t("A note, if you like")}</span>
        <textarea class="text" dir="auto" maxLength={2000} required={needed} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button class="btn main wide">{t("Send this note")}</button>
      <p class="hint">{t("Your report stays as you sent it. The desk reads your answer and decides.")}</p>
    </form>
  );
}

interface Opened {
  id: string;
  name: string;
  task: AskedTask;
  sent: Sent;
}

function Correcting(given: Opened) {
  const form = useForm(given.id);
  if (form instanceof Error) return <p class="check">{t("This form cannot be opened")}</p>;
  if (!form) return <p class="hint">{t("Opening the form")}</p>;
  return <Answering form={form} {...given} />;
}

function Answering({ form, name, task, sent }: Opened & { form: FormSession }) {
  follows(form);
  const { busy, unkept, complete } = useFinishing(form);
  const [reason, setReason] = useState("");
  const [twice, setTwice] = useState(false);
  const nodes = [...leaves(form.root)].filter((each) => nameOf(each) === name || nameOf(each) === knownOf(name));
  const node = nodes.find((each) => nameOf(each) === name);
  if (!node?.currentState.relevant) return <p class="check">{t("This question is not asked any more. Correct another answer below, or write a note.")}</p>;
  const figure = isFigure(node);
  const said = figure && !twice ? t("Type the number twice") : changesOf(form).length === 0 ? t("Nothing is different") : "";
  const lacking = said || (reason ? "" : t("Say why first"));
  const send = async () => {
    if (lacking) return document.getElementById(said ? "right-number" : "why-question")?.focus();
    form.draft = { ...form.draft, corrects: { ...form.draft.corrects!, reason } };
    await complete({ name: "day" }, () => answerTask(task.id, "corrected"));
  };
  return (
    <div class="inner">
      {figure ? <Twice node={node as InputNode} form={form} done={setTwice} /> : <Questions nodes={nodes} form={form} />}
      <Why id="why-question" title={t("Why was it different?")} reasons={OF_ANSWERS} say={setReason} />
      {unkept && (
        <p class="check" role="alert">
          {t("The phone has no room to finish this report. The draft is kept. Make room, then try again.")}
        </p>
      )}
      <p class="saved">
        <Keep state={sentState(sent)} />
        <span>{becomes(sent)}</span>
      </p>
      <button class="btn main wide" disabled={busy} onClick={() => void send()}>
        {lacking || t("Send correction")}
      </button>
    </div>
  );
}

const isFigure = (node: AnyNode) => node.nodeType === "input" && (node.valueType === "int" || node.valueType === "decimal");

/** A figure is typed twice; only where both are the same is it the answer. */
function Twice({ node, form, done }: { node: InputNode; form: FormSession; done: (same: boolean) => void }) {
  const [typed, setTyped] = useState(["", ""]);
  const [first, second] = typed as [string, string];
  const whole = node.valueType === "int";
  const read = whole ? readWhole : readDecimal;
  const type = (place: number, text: string) => {
    const now = typed.map((each, at) => (at === place ? (read(text) ?? text) : each));
    setTyped(now);
    const same = now[0] !== "" && now[0] === now[1] && read(now[0]!) !== null;
    done(same);
    if (same) form.change(() => (node as unknown as InputNode<"string">).setValue(now[0]!));
  };
  const violation = "violation" in node.validationState ? node.validationState.violation : null;
  const field = (place: number, words: string, id: string) => (
    <label>
      <span>{words}</span>
      <input id={id} class="text" dir="ltr" inputMode="numeric" autocomplete="off" value={typed[place]} onInput={(event) => type(place, event.currentTarget.value)} />
    </label>
  );
  return (
    <>
      <div class="twice">
        {field(0, t("Right number"), "right-number")}
        {field(1, t("Type it again"), "again-number")}
      </div>
      <OddNumber whole={whole} odd={typed.find((each) => read(each) === null) ?? null} />
      <p class="check" role="status">
        {second !== "" && second.length >= first.length && first !== second ? t("{first} and {second} differ. Type it again.", { first, second }) : null}
        {first !== "" && first === second && violation ? (violation.message?.asString ?? t("Please check this answer.")) : null}
      </p>
    </>
  );
}

const plain = (value: unknown) => (Array.isArray(value) ? value.join(", ") : typeof value === "object" ? "" : String(value));
