// To and from the desk: what the observer says goes first, then what the desk asks and tells is taken.
import { get, put, readable, together } from "../store/database.ts";
import { callsOf } from "../store/desk.ts";
import { keptOf, type Shown } from "../report/report.ts";
import type { Kept, Message, Outcome, Reply, Task } from "../store/nouns.ts";
import { ask, askJson, readJson, Refused, Unreachable } from "./server.ts";

/** Answers to a call for safety go before all else, then what was said first. */
export function inOrder(replies: Reply[], mission: string): Reply[] {
  const safety = (each: Reply) => Number(each.path.startsWith("messages/") && each.path.endsWith("/answer"));
  return replies
    .filter((each) => each.mission === mission)
    .sort((a, b) => safety(b) - safety(a) || a.at.localeCompare(b.at));
}

/** Send what was said. Throws Unreachable where that stops: the rest stays. */
export async function sendReplies(): Promise<void> {
  const mission = await get<string>("self", "mission");
  if (!mission) return;
  for (const reply of inOrder(await readable<Reply>("replies"), mission)) {
    const response = await ask(`missions/${mission}/${reply.path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(reply.body),
    });
    const answer = await readJson<{ code?: string }>(response);
    // What is refused for good, such as an answer where another one stands, is not asked again.
    if (!response.ok && !answer.code) throw new Unreachable();
    await forget(reply);
  }
}

/** A reply has arrived; what was said since at the same path stays. */
async function forget(reply: Reply): Promise<void> {
  await together(async (writes) => {
    if ((await get<Reply>("replies", reply.path))?.id === reply.id) writes.remove("replies", reply.path);
  });
}

/** Take the open questions to this observer, and the messages. */
export async function takeDesk(): Promise<void> {
  const mission = await get<string>("self", "mission");
  if (!mission) return;
  const [tasks, messages] = await Promise.all([
    askJson<{ items: Task[]; reports?: Outcome[] }>(`missions/${mission}/tasks`),
    askJson<{ items: Message[] }>(`missions/${mission}/messages`),
  ]);
  await together((writes) => {
    writes.put("self", "tasks", tasks.items);
    writes.put("self", "outcomes", tasks.reports ?? []);
    writes.put("self", "messages", messages.items);
    writes.put("self", "calls", callsOf(messages.items));
  });
  await takeAsked(mission, tasks.items, tasks.reports ?? []);
}

/** A locked phone takes the calls for safety alone. */
export async function takeCalls(): Promise<void> {
  const mission = await get<string>("self", "mission");
  if (!mission) return;
  const messages = await askJson<{ items: Message[] }>(`missions/${mission}/messages`);
  await put("self", "calls", callsOf(messages.items));
}

/** What the server does not show this phone is done without. */
function unlessRefused(error: unknown): null {
  if (error instanceof Refused && error.status !== 401) return null;
  throw error;
}

/** The reports that are asked about and were sent from elsewhere: to be put right without a network. */
async function takeAsked(mission: string, tasks: Task[], outcomes: Outcome[]): Promise<void> {
  for (const id of new Set(tasks.map((each) => each.report))) {
    if (!(await get<Kept>("receipts", id))) await takeReport(mission, id, outcomes);
  }
}

async function takeReport(mission: string, id: string, outcomes: Outcome[]): Promise<void> {
  const found = await askJson<Shown>(`missions/${mission}/reports/${id}`).catch(unlessRefused);
  if (found) await put("receipts", id, keptOf(found, outcomes.find((each) => each.id === id)));
}

/** Bring a report that was sent from elsewhere to this phone, where there is network. */
export async function bring(id: string): Promise<void> {
  const [mission, outcomes] = await Promise.all([get<string>("self", "mission"), get<Outcome[]>("self", "outcomes")]);
  if (mission) await takeReport(mission, id, outcomes ?? []).catch(() => undefined);
}
