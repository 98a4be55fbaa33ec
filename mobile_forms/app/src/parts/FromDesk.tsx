// What the desk asks of me and tells me.
import { useEffect } from "preact/hooks";
import { go } from "../route.ts";
import { noteSeen, readDesk, type AskedTask, type ShownMessage } from "../store/desk.ts";
import { sync } from "../sync/keeper.ts";
import { clock, day, inLanguage, t } from "../words.ts";
import { Bubble } from "./icons.tsx";
import { useStored } from "./stored.ts";

const SHOWN = 3;

export function FromDesk() {
  const desk = useStored(readDesk);
  const messages = (desk?.messages ?? []).filter((each) => each.kind !== "safety");
  const unseen = messages.filter((each) => each.seen_at === null).map((each) => each.id);
  useEffect(() => {
    if (unseen.length > 0) void noteSeen("messages", messages).then((noted) => noted && void sync());
  }, [unseen.join()]);
  if (!desk || desk.tasks.length + messages.length === 0) return null;
  const older = messages.slice(SHOWN);
  return (
    <section class="desk" aria-label={t("From the desk")}>
      <ul class="list">
        {desk.tasks.map((each) => (
          <TaskRow key={each.id} task={each} />
        ))}
        {messages.slice(0, SHOWN).map((each) => (
          <MessageRow key={each.id} message={each} />
        ))}
      </ul>
      {older.length > 0 && (
        <details>
          <summary>{t("Earlier messages: {count}", { count: older.length })}</summary>
          <ul class="list">
            {older.map((each) => (
              <MessageRow key={each.id} message={each} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** What the desk wants to know, in few words. */
export function taskWords(task: AskedTask): string {
  if (task.question?.number) return t("Please check question {number}", { number: task.question.number });
  return t("Please check this report");
}

function TaskRow({ task }: { task: AskedTask }) {
  const about = [task.station, inLanguage(task.title) || task.checklist].filter(Boolean).join(", ");
  return (
    <li>
      <button class="row" onClick={() => go({ name: "task", task: task.id })}>
        <Bubble />
        <span>
          <b>{taskWords(task)}</b>
          <i>{task.said ? saidWords(task) : t("From the desk, {time}: {about}", { time: clock(task.asked_at), about })}</i>
        </span>
      </button>
    </li>
  );
}

function saidWords(task: AskedTask): string {
  const said = task.said!;
  const time = clock(said.at);
  const words = said.answer === "right" ? t("You answered at {time}: it is right.", { time }) : t("You answered at {time}.", { time });
  return `${words} ${t("Sends when there is network.")}`;
}

function MessageRow({ message }: { message: ShownMessage }) {
  return (
    <li class="row">
      <Bubble />
      <span>
        <b dir="auto">{messageWords(message)}</b>
        <i>{t("From the desk, {time}", { time: clock(message.sent_at) })}</i>
      </span>
    </li>
  );
}

function messageWords(message: ShownMessage): string {
  const { about } = message;
  if (message.kind !== "area_closed" || !about) return message.text;
  const from = t("{area} is closed from {day}: {reason}", { area: about.area_name, day: day(about.begins_on), reason: message.text });
  return `${from} ${t("Do not go there. If you are there, leave when it is safe, and call your coordinator.")}`;
}
