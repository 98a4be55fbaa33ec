// What the desk asks and tells, and what the observer says to it.
import { newId } from "../report/identity.ts";
import { all, get, put, readable } from "./database.ts";
import type { Message, Reply, Task } from "./nouns.ts";

/** What was said, and whether it has arrived. */
export interface Said {
  answer: string;
  text: string;
  at: string;
  sent: boolean;
}

export interface AskedTask extends Task {
  said: Said | null;
}

export interface ShownMessage extends Message {
  said: Said | null;
}

export interface Desk {
  tasks: AskedTask[];
  messages: ShownMessage[];
}

/** What is on this phone of the desk: questions oldest first, messages newest first. */
export async function readDesk(): Promise<Desk> {
  const [tasks, messages, replies] = await Promise.all([
    get<Task[]>("self", "tasks"),
    get<Message[]>("self", "messages"),
    all<Reply>("replies"),
  ]);
  const waiting = new Map(replies.map((each) => [each.path, each]));
  const said = (path: string) => saidIn(waiting.get(path));
  return {
    tasks: (tasks ?? []).map((each) => ({ ...each, said: said(`tasks/${each.id}/answer`) })),
    messages: (messages ?? []).map((each) => ({ ...each, said: said(`messages/${each.id}/answer`) ?? answered(each) })),
  };
}

/** What a reply says that has not arrived yet. */
const saidIn = (reply: Reply | undefined): Said | null =>
  reply ? { answer: String(reply.body.answer ?? ""), text: String(reply.body.text ?? ""), at: reply.at, sent: false } : null;

/** The calls for safety as a locked screen shows them: without the desk's words. */
export async function readCalls(): Promise<ShownMessage[]> {
  const [calls, replies] = await Promise.all([get<Message[]>("self", "calls"), readable<Reply>("replies")]);
  const said = (each: Message) => replies.find((reply) => reply.path === `messages/${each.id}/answer`);
  return (calls ?? []).map((each) => ({ ...each, said: saidIn(said(each)) ?? answered(each) }));
}

/** Of the desk's messages what a locked screen may show: that there is a call for safety, and when. */
export const callsOf = (messages: Message[]): Message[] =>
  messages.filter((each) => each.kind === "safety").map((each) => ({ ...each, text: "", about: null }));

const answered = (each: Message): Said | null =>
  each.answer && { answer: each.answer, text: "", at: each.answered_at ?? each.sent_at, sent: true };

/** Keep what the observer says until it has arrived; what was said before at this path goes. */
export async function say(path: string, body: Record<string, unknown>): Promise<void> {
  const id = newId();
  const at = new Date().toISOString();
  const mission = (await get<string>("self", "mission")) ?? "";
  const reply: Reply = { id, mission, path, body: { ...body, at }, at };
  await put("replies", path, reply);
}

/** Answer a question of the desk. The id makes it one answer, however often it is sent. */
export const answerTask = (task: string, answer: "right" | "corrected" | "note", text = "") =>
  say(`tasks/${task}/answer`, { answer, text, id: newId() });

export const answerSafety = (message: string, answer: "safe" | "help") => say(`messages/${message}/answer`, { answer });

/** Note that this was shown, once. */
export async function noteSeen(kind: "tasks" | "messages", shown: { id: string; seen_at: string | null }[]): Promise<boolean> {
  const fresh = shown.filter((each) => each.seen_at === null);
  const waiting = new Set((await readable<Reply>("replies")).map((each) => each.path));
  const mission = (await get<string>("self", "mission")) ?? "";
  const paths = fresh.map((each) => `${kind}/${each.id}/seen`).filter((path) => !waiting.has(path));
  for (const path of paths) {
    await put("replies", path, { id: newId(), mission, path, body: {}, at: new Date().toISOString() });
  }
  return paths.length > 0;
}
