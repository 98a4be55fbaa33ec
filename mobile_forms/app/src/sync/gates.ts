// The gates before a report counts: the code that is pledged to, the interests that are declared.
import { get, put } from "../store/database.ts";
import type { Me } from "../store/nouns.ts";
import { language } from "../words.ts";
import { askJson } from "./server.ts";

/** The text in force of the organisation's code. */
export interface Code {
  language: string;
  title: string;
  text: string;
  sha256: string;
  summary: boolean;
}

export const QUESTIONS = ["benefit", "ties", "sponsored", "excluded"] as const;
export type Question = (typeof QUESTIONS)[number];

/** The text to read. Throws Refused (404) where the mission has loaded none. */
export async function readCode(): Promise<Code> {
  return askJson<Code>(`${await place()}/code?language=${encodeURIComponent(language.value)}`);
}

export async function pledge(code: Code): Promise<void> {
  await send("pledge", { text_sha256: code.sha256, language: code.language });
}

export async function declare(answers: Partial<Record<Question, string>>): Promise<void> {
  await send("declaration", { answers, language: language.value });
}

/** Show that this phone reaches the server: the hour at which it did. It becomes no report. */
export async function rehearse(): Promise<string> {
  const body = JSON.stringify({ probe: crypto.randomUUID() });
  const answer = await askJson<{ rehearsed_at: string }>(`${await place()}/rehearsal`, json(body));
  return answer.rehearsed_at;
}

async function send(what: string, body: object): Promise<void> {
  await askJson(`${await place()}/${what}`, json(JSON.stringify(body)));
  await refreshMe();
}

/** How the observer stands now, as the server says; what was done on another phone counts too. */
export async function refreshMe(): Promise<Me> {
  const me = await askJson<Me>("me");
  await put("self", "me", me);
  return me;
}

const json = (body: string) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body });

async function place(): Promise<string> {
  return `missions/${(await get<string>("self", "mission")) ?? ""}`;
}
