// Photos follow their reports, in pieces that can be resumed.
import { signal } from "@preact/signals";
import { all, get, put, remove } from "../store/database.ts";
import type { Photo } from "../store/nouns.ts";
import { ask, Unreachable } from "./server.ts";

const PIECE = 512 * 1024;
const SETTING = "indelible-photos-on-mobile-data";
/** What a server answers for good: another hash than the name says, no photo, too large. */
const REFUSALS = new Set([413, 422]);

/** How much of the photo that is being sent has arrived. */
export const sendingPhoto = signal<{ name: string; arrived: number; size: number } | null>(null);
/** Photos wait because the network is paid by what goes over it, and the observer has not allowed it. */
export const photosHeld = signal(false);
export const onMobileData = signal(globalThis.localStorage?.getItem(SETTING) === "yes");
let once = false;

interface Connection {
  type?: string;
  saveData?: boolean;
}

/** Whether the phone says that this network is paid by what goes over it. Not every browser says. */
export function metered(connection = (globalThis.navigator as { connection?: Connection } | undefined)?.connection): boolean {
  return connection?.type === "cellular" || connection?.saveData === true;
}

export function allowMobileData(allowed: boolean): void {
  onMobileData.value = allowed;
  localStorage.setItem(SETTING, allowed ? "yes" : "no");
}

/** Let the photos that wait go over mobile data this one time. */
export function allowOnce(): void {
  once = true;
}

/** Photos whose report is finished and that are not yet on the server. */
export async function photosWaiting(): Promise<Photo[]> {
  return (await all<Photo>("photos")).filter((photo) => photo.report !== null);
}

/**
 * Send each photo whose report has its receipt. Stops where something else waits to be sent. Throws
 * Unreachable where one did not arrive.
 */
export async function sendPhotos(stop: () => boolean = () => false, arrived: () => Promise<void> = async () => undefined): Promise<void> {
  const mission = await get<string>("self", "mission");
  const due = mission ? await dueOf(await photosWaiting()) : [];
  photosHeld.value = due.length > 0 && metered() && !onMobileData.value && !once;
  if (photosHeld.value) return;
  try {
    for (const photo of due) {
      if (stop()) return;
      if (await sendPhoto(mission!, photo, stop)) await remove("photos", photo.name).then(arrived);
    }
    once = false;
  } finally {
    sendingPhoto.value = null;
  }
}

async function dueOf(waiting: Photo[]): Promise<Photo[]> {
  const received = await Promise.all(waiting.map((each) => get("receipts", each.report!)));
  return waiting.filter((each, place) => received[place] !== undefined && !each.refused);
}

/** Let photos that were refused be tried once more. */
export async function tryPhotosAgain(): Promise<void> {
  for (const each of await photosWaiting()) {
    if (each.refused) await put("photos", each.name, { ...each, refused: null });
  }
}

/** Whether the photo is on the server, whole. */
async function sendPhoto(mission: string, photo: Photo, stop: () => boolean): Promise<boolean> {
  const address = `missions/${mission}/media/${photo.name.split(".")[0]}`;
  const size = photo.blob.size;
  let offset = offsetOf(await ask(address, { method: "HEAD" }));
  while (offset < size) {
    sendingPhoto.value = { name: photo.name, arrived: offset, size };
    if (stop()) return false;
    const sent = await ask(address, {
      method: "PATCH",
      headers: {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(offset),
        "Upload-Length": String(size),
      },
      body: photo.blob.slice(offset, offset + PIECE),
    });
    if (REFUSALS.has(sent.status) || (sent.status === 409 && !sent.headers.has("Upload-Offset"))) return refuse(photo, await reasonIn(sent));
    const reached = sent.status === 409 || sent.status === 204 ? offsetOf(sent) : offset;
    if (reached <= offset) throw new Unreachable("busy");
    offset = reached;
  }
  return offset === size;
}

/** Where the upload stands. A network's own page does not say. */
function offsetOf(response: Response): number {
  const said = response.headers.get("Upload-Offset");
  if (said === null) throw new Unreachable("portal");
  return Number(said);
}

async function reasonIn(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as { detail?: string; title?: string; code?: string } | null;
  if (!problem?.code) throw new Unreachable("portal");
  return problem.detail ?? problem.title ?? problem.code;
}

/** It stays on the phone, says why, and holds up no other. */
async function refuse(photo: Photo, reason: string): Promise<boolean> {
  await put("photos", photo.name, { ...photo, refused: reason });
  return false;
}
