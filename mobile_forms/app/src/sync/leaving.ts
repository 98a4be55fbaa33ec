// A phone leaves the mission: it is handed over, or wiped from the desk.
import { all, get, has, put } from "../store/database.ts";
import { eraseAll, forgetSent } from "../store/forgetting.ts";
import type { Draft, Me, SavedFile, Waiting } from "../store/nouns.ts";
import { photosWaiting } from "./photos.ts";
import { ask, Refused } from "./server.ts";

const LEAVING = "leaving";
const LAST = "indelible-last-left";

/** What is on this phone and was not received. */
export interface Unreceived {
  reports: number;
  photos: number;
  drafts: number;
  /** Whether all reports and photos of it are in a file that was saved. */
  inFile: boolean;
}

export async function unreceived(): Promise<Unreceived> {
  const [outbox, photos, drafts, saved] = await Promise.all([
    all<Waiting>("outbox"),
    photosWaiting(),
    all<Draft>("drafts"),
    get<SavedFile>("self", "savedFile"),
  ]);
  const inFile = outbox.every((each) => saved?.reports.includes(each.id)) && photos.every((each) => saved?.photos.includes(each.name));
  return { reports: outbox.length, photos: photos.length, drafts: drafts.filter((each) => !each.untouched).length, inFile };
}

/** Whether nothing that is finished would be lost with this phone. */
export const mayLeave = ({ reports, photos, inFile }: Unreceived) => reports + photos === 0 || inFile;

/** The observer hands this phone over. The server is told if it can be reached. */
export async function signOut(): Promise<void> {
  await tell().catch(() => undefined);
  await erase("signed out");
}

/** Whether the desk wants this phone wiped. Then what was sent goes at once. */
export async function isToBeWiped(): Promise<boolean> {
  const wipe = (await get<Me>("self", "me"))?.phone?.wipe === true;
  if (wipe) await forgetSent("9999");
  return wipe;
}

/** The wiping itself, after all that could be sent was sent: the server is told what is lost with it. */
export async function wipe(): Promise<void> {
  await put("self", LEAVING, true);
  await tell();
  await erase("wiped");
}

/** A phone that is shut out because it said that it leaves, and whose answer was lost, goes on. */
export async function goOnLeaving(error: unknown): Promise<void> {
  if (error instanceof Refused && error.status === 401 && (await has("self", LEAVING))) await erase("wiped");
}

async function tell(): Promise<void> {
  const mission = await get<string>("self", "mission");
  const { reports, photos, drafts } = await unreceived();
  const answer = await ask(`missions/${mission}/phone/leaving`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ reports, photos, drafts }),
  });
  if (!answer.ok) throw new Refused(answer.status, "", "");
}

async function erase(why: "signed out" | "wiped"): Promise<void> {
  await eraseAll();
  localStorage.setItem(LAST, JSON.stringify({ why, at: new Date().toISOString() }));
  history.replaceState(null, "", location.pathname);
  location.reload();
}

/** How this phone left a mission last, if it holds none now. */
export function lastLeft(): { why: string; at: string } | null {
  const said = localStorage.getItem(LAST);
  return said ? (JSON.parse(said) as { why: string; at: string }) : null;
}
