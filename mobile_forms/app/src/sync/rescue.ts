// So that a lost passphrase loses no finished report: beside the vault lies the outbox as a file that only
// the mission can open. Photos are not in it: they are large, and would lie there twice.
import { count, get, put, remove, rows } from "../store/database.ts";
import { knownVault } from "../store/keys.ts";
import { sealOutbox } from "./outboxFile.ts";

export interface Rescue {
  name: string;
  /** What was in the outbox when it was made, and what of it the file holds. */
  made: string[];
  reports: string[];
  bytes: ArrayBuffer;
}

/** Make the file anew where the outbox has changed. It cannot be made while the mission's key is not known. */
export async function keepRescue(): Promise<void> {
  if (knownVault() === null) return;
  const waiting = (await rows("outbox")).map(([id]) => id);
  const kept = await get<Rescue>("self", "rescue");
  if ((kept?.made ?? []).join() === waiting.join()) return;
  if (waiting.length === 0) return remove("self", "rescue");
  const file = await sealOutbox(false).catch(() => null);
  if (!file) return;
  const name = `${file.saved.at.slice(0, 16).replace(":", "")}.outbox`;
  const rescue: Rescue = { name, made: waiting, reports: file.saved.reports, bytes: await file.blob.arrayBuffer() };
  // Where there is no room for it the reports themselves are there all the same.
  await put("self", "rescue", rescue).catch(() => undefined);
}

/** What a locked phone can say of what it holds, and the file if there is one. */
export async function lostWith(): Promise<{ reports: number; drafts: number; photos: number; file: Rescue | undefined }> {
  const [reports, drafts, photos, file] = await Promise.all([count("outbox"), count("drafts"), count("photos"), get<Rescue>("self", "rescue")]);
  return { reports, drafts, photos, file };
}
