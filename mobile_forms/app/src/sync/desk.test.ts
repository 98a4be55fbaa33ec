import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { all, put, remove } from "../store/database.ts";
import { answerSafety, answerTask, noteSeen, readDesk } from "../store/desk.ts";
import type { Kept, Message, Reply } from "../store/nouns.ts";
import { inOrder, sendReplies, takeDesk } from "./desk.ts";
import { Unreachable } from "./server.ts";

const TASK = { id: "t", report: "r", asked_at: "2026-11-08T10:00:00Z", seen_at: null };
const CALL: Partial<Message> = { id: "m", kind: "safety", sent_at: "2026-11-08T10:00:00Z", seen_at: null, answer: null };

let answer: () => Response;
let sent: { path: string; body: Record<string, unknown> }[];

beforeEach(async () => {
  sent = [];
  answer = () => Response.json({ new: true });
  for (const each of await all<Reply>("replies")) await remove("replies", each.path);
  await put("self", "mission", "v");
  await put("self", "tasks", [TASK]);
  await put("self", "messages", [CALL]);
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    sent.push({ path: address.replace("/api/v1/missions/v/", ""), body: JSON.parse(String(init.body ?? "{}")) });
    return Promise.resolve(answer());
  });
});
afterEach(() => vi.unstubAllGlobals());

it("keeps an answer until the server has it, under the id it was given with", async () => {
  await answerTask("t", "right");
  answer = () => new Response("<html>Sign in to the hotel</html>");
  await expect(sendReplies()).rejects.toThrow(Unreachable);
  expect((await readDesk()).tasks[0]?.said).toMatchObject({ answer: "right", sent: false });
  answer = () => Response.json({ new: true });
  await sendReplies();
  expect(sent.map((each) => each.path)).toEqual(["tasks/t/answer", "tasks/t/answer"]);
  expect(sent[0]?.body.id).toBeTruthy();
  expect(sent[1]?.body).toEqual(sent[0]?.body);
  expect(await all("replies")).toEqual([]);
});

it("lets go of an answer that is refused for good, and keeps what a busy server could not take", async () => {
  await answerTask("t", "note", "as I wrote");
  answer = () => Response.json({ code: "unavailable" }, { status: 503 });
  await expect(sendReplies()).rejects.toThrow(Unreachable);
  expect(await all("replies")).toHaveLength(1);
  answer = () => Response.json({ code: "conflict" }, { status: 409 });
  await sendReplies();
  expect(await all("replies")).toEqual([]);
});

it("sends the newest answer to a call for safety, before all else", async () => {
  await answerTask("t", "right");
  await noteSeen("tasks", [TASK]);
  await answerSafety("m", "help");
  await answerSafety("m", "safe");
  expect((await readDesk()).messages[0]?.said?.answer).toBe("safe");
  await sendReplies();
  expect(sent.map((each) => each.path)).toEqual(["messages/m/answer", "tasks/t/answer", "tasks/t/seen"]);
  expect(sent[0]?.body).toMatchObject({ answer: "safe" });
});

it("notes once that something was shown, and nothing that the server knows as seen", async () => {
  expect(await noteSeen("messages", [{ id: "m", seen_at: null }])).toBe(true);
  expect(await noteSeen("messages", [{ id: "m", seen_at: null }])).toBe(false);
  expect(await noteSeen("messages", [{ id: "n", seen_at: "2026-11-08T10:00:00Z" }])).toBe(false);
  expect(await all("replies")).toHaveLength(1);
});

it("sends nothing to another mission than the one it was said in", () => {
  const reply = { id: "1", mission: "other", path: "tasks/t/answer", body: {}, at: "" };
  expect(inOrder([reply], "v")).toEqual([]);
});

it("takes what is open; what was answered and arrived is gone", async () => {
  answer = () => Response.json({ items: [], next: null });
  await takeDesk();
  expect(await readDesk()).toEqual({ tasks: [], messages: [] });
});

it("keeps a report that is asked about and was sent from elsewhere; one that is not shown holds up nothing", async () => {
  const receipt = { id: "r", sha256: "", received_at: "2026-11-08T09:00:00Z", sequence: 1, signature: "" };
  const report = { id: "r", checklist: "voting", round: "first", receipt, answers: { queue: 4 } };
  const outcome = { id: "r", ids: [], status: "received", version: 1, station: "0471", acts: [] };
  let shown = () => Response.json({ code: "not_found" }, { status: 404 });
  answer = () => {
    const path = sent.at(-1)!.path;
    if (path === "reports/r") return shown();
    return Response.json({ items: path === "tasks" ? [TASK] : [], next: null, reports: [outcome] });
  };
  vi.stubGlobal("fetch", (address: string) => {
    sent.push({ path: address.replace("/api/v1/missions/v/", ""), body: {} });
    return Promise.resolve(answer());
  });
  await takeDesk();
  expect(await all("receipts")).toEqual([]);
  shown = () => Response.json(report);
  await takeDesk();
  await takeDesk();
  expect((await all<Kept>("receipts")).map((each) => [each.station, JSON.parse(each.body!).answers])).toEqual([["0471", { queue: 4 }]]);
  expect(sent.filter((each) => each.path === "reports/r")).toHaveLength(2);
});
