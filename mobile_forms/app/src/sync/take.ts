// Taking what the observer needs for days without a network: who, where, which checklists.
import { all, get, put, together } from "../store/database.ts";
import type { Checklist, Deployment, Me } from "../store/nouns.ts";
import { newId, sha256 } from "../report/identity.ts";
import { filesKey, type Files } from "../form/files.ts";
import type { Lists } from "../form/lists.ts";
import { ask, askJson, Unreachable } from "./server.ts";

interface Page<T> {
  items: T[];
  next: string | null;
}

/** Whose code this is, and until when it serves now that it was looked at. */
export interface Opened {
  pseudonym: string;
  mission: string;
  mission_title: string;
  expires_at: string | null;
}

/** Look at a code for the first time; from then on it serves for some minutes. */
export function openCode(code: string): Promise<Opened> {
  return askJson<Opened>("enrol/opening", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
  });
}

/** Exchange a code for a token of this phone's own. */
export async function enrol(code: string): Promise<void> {
  const given = await askJson<{ token: string; mission: string }>("enrol", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
  });
  await put("self", "token", given.token);
  await put("self", "mission", given.mission);
  await put("self", "code", await sha256(code));
  if (!(await get("self", "device"))) await put("self", "device", newId());
  await navigator.storage?.persist?.().catch(() => false);
}

/** Whether this phone was enrolled by this very code: its link, tapped again, leads to the day. */
export const isOwnCode = async (code: string) => (await get("self", "code")) === (await sha256(code.trim()));

/** Take everything anew. Checklists of drafts stay, whatever is published. */
export async function take(): Promise<void> {
  const mission = (await get<string>("self", "mission")) ?? (await askJson<Me>("me")).mission;
  if (!mission) throw new Unreachable();
  const [me, deployments, listed] = await Promise.all([
    askJson<Me>("me"),
    every<Deployment>(`missions/${mission}/deployments`),
    every<Checklist>(`missions/${mission}/checklists`),
  ]);
  const known = new Map((await all<Checklist>("checklists")).map((each) => [key(each), each]));
  const [lists, forms] = await Promise.all([
    takeLists(mission, listed.flatMap((each) => each.lists)),
    Promise.all(listed.map((each) => takeForm(mission, each, known.get(key(each))))),
  ]);
  await together((writes) => {
    writes.put("self", "lists", lists);
    for (const { form, files } of forms) writes.put("self", filesKey(form), files);
    writes.put("self", "me", me);
    writes.put("self", "deployments", deployments);
    writes.put("self", "newest", Object.fromEntries(listed.map((each) => [each.name, each.version])));
    writes.put("self", "takenAt", new Date().toISOString());
    for (const { form, isNew } of forms) if (isNew) writes.put("checklists", key(form), form);
  });
}

/** A form with its files; what is on the phone already, and has not changed, is not asked for again. */
async function takeForm(mission: string, listed: Checklist, held: Checklist | undefined): Promise<{ form: Checklist; files: Files; isNew: boolean }> {
  const isNew = held?.sha256 !== listed.sha256;
  const path = `missions/${mission}/checklists/${encodeURIComponent(listed.name)}?version=${encodeURIComponent(listed.version)}&only=form`;
  const form = isNew ? await askJson<Checklist>(path) : held;
  return { form, files: await takeFiles(mission, form), isNew };
}

/** The files of a form's own; what is on the phone already stays. What the server lacks is left out. */
async function takeFiles(mission: string, form: Checklist): Promise<Files> {
  const held = (await get<Files>("self", filesKey(form))) ?? {};
  const place = `missions/${mission}/checklists/${encodeURIComponent(form.name)}/versions/${encodeURIComponent(form.version)}/media`;
  const lacking = (form.files ?? []).filter((each) => !held[each.name]);
  const taken = lacking.map(async ({ name, size }) => {
    const response = await ask(`${place}/${name}`);
    if (!response.ok) return [];
    const file = await response.blob().catch(() => undefined);
    if (file?.size !== size) throw new Unreachable();
    return [[name, file] as const];
  });
  return { ...held, ...Object.fromEntries((await Promise.all(taken)).flat()) };
}

/** The lists that forms choose from, as the mission has them today. */
async function takeLists(mission: string, names: string[]): Promise<Lists> {
  const found = [...new Set(names)].map(async (name) => {
    const response = await ask(`missions/${mission}/lists/${name}`);
    return [name, response.ok ? await response.text() : ""] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

export const key = (each: { name: string; version: string }) => `${each.name} ${each.version}`;

async function every<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await askJson(`${path}${after ? `?after=${encodeURIComponent(after)}` : ""}`);
    items.push(...page.items);
    after = page.next;
  } while (after);
  return items;
}
