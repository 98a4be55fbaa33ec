// The desk asks about a report of mine: is it right?
import { useEffect, useState } from "preact/hooks";
import { taskWords } from "../parts/FromDesk.tsx";
import { Network } from "../parts/frame.tsx";
import { Back, Bubble } from "../parts/icons.tsx";
import { useStored } from "../parts/stored.ts";
import { go } from "../route.ts";
import { answerTask, noteSeen, readDesk, type AskedTask } from "../store/desk.ts";
import { recount, sync } from "../sync/keeper.ts";
import { clock, inLanguage, t } from "../words.ts";

export function Task({ id }: { id: string }) {
  const desk = useStored(readDesk);
  const task = desk?.tasks.find((each) => each.id === id);
  useEffect(() => {
    if (task) void noteSeen("tasks", [task]).then((noted) => noted && void sync());
  }, [task?.id]);
  if (!desk) return null;
  return (
    <div class="form">
      <header>
        <button class="ic" aria-label={t("Back to the day")} onClick={() => go({ name: "day" })}>
          <Back />
        </button>
        <div>
          <h1 class="who">{task ? inLanguage(task.title) || task.checklist : t("A question from the desk")}</h1>
          <div class="under">{task ? under(task) : ""}</div>
        </div>
        <Network />
      </header>
      {task ? <Question task={task} /> : <main><p class="empty">{t("This question is answered or closed. Nothing more to do here.")}</p></main>}
    </div>
  );
}

function under(task: AskedTask): string {
  const received = t("Received {time}", { time: clock(task.received_at) });
  return task.station ? `${t("Station {code}", { code: task.station })}. ${received}` : received;
}

function Question({ task }: { task: AskedTask }) {
  const [note, setNote] = useState(task.said?.text ?? "");
  const sent = task.sent ? inLanguage(task.sent.label) || plain(task.sent.value) : "";
  const { question } = task;
  const answer = async (said: "right" | "note") => {
    await answerTask(task.id, said, said === "note" ? note.trim() : "");
    await recount();
    void sync();
    go({ name: "day" });
  };
  return (
    <main>
      <section class="asked">
        <Bubble />
        <div>
          <p>
            <b>{taskWords(task)}.</b> <span dir="auto">{task.text}</span>
          </p>
          <p class="under">
            {task.by ? t("From the desk, {who}, {time}", { who: task.by, time: clock(task.asked_at) }) : t("From the desk, {time}", { time: clock(task.asked_at) })}
          </p>
        </div>
      </section>
      {question && (
        <h2 class="ask">
          {question.number && <span class="number">{question.number}</span>}
          <span dir="auto">{inLanguage(question.label) || question.name}</span>
        </h2>
      )}
      {question && (
        <p>
          {sent ? (
            <>
              {t("You sent")} <b dir="auto">{sent}</b>
            </>
          ) : (
            t("You sent no answer to it.")
          )}
        </p>
      )}
      <button class="btn main wide" onClick={() => void answer("right")}>
        {sent ? t("It is right: {answer}", { answer: sent }) : t("It is right")}
      </button>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void answer("note");
        }}
      >
        <label class="field">
          <span>{t("Or write what should be different")}</span>
          <textarea class="text" dir="auto" maxLength={2000} required value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <button class="btn wide">{t("Send this note")}</button>
      </form>
      <p class="hint">{t("Your report stays as you sent it. The desk reads your answer and decides.")}</p>
    </main>
  );
}

const plain = (value: unknown) => (Array.isArray(value) ? value.join(", ") : typeof value === "object" ? "" : String(value));
