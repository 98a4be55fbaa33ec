// Photos follow their reports, in pieces that can be resumed.
import { all, get, remove } from "../store/database.ts";
import type { Photo } from "../store/nouns.ts";
import { ask, Unreachable } from "./server.ts";

const PIECE = 512 * 1024;

/** Photos whose report is finished and that are not yet on the server. */
export async function photosWaiting(): Promise<Photo[]> {
  return (await all<Photo>("photos")).filter((photo) => photo.report !== null);
}

/** Send each photo whose report has its receipt. Throws Unreachable where one did not arrive. */
export async function sendPhotos(mission: string): Promise<void> {
  let missed = 0;
  for (const photo of await photosWaiting()) {
    if ((await get("receipts", photo.report!)) === undefined) continue;
    if (await sendPhoto(mission, photo)) await remove("photos", photo.name);
    else missed += 1;
  }
  if (missed > 0) throw new Unreachable(true);
}

async function sendPhoto(mission: string, photo: Photo): Promise<boolean> {
  const address = `missions/${mission}/media/${photo.name.split(".")[0]}`;
  const held = await ask(address, { method: "HEAD" });
  let offset = Number(held.headers.get("Upload-Offset") ?? 0);
  while (offset < photo.blob.size) {
    const sent = await ask(address, {
      method: "PATCH",
      headers: {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(offset),
        "Upload-Length": String(photo.blob.size),
      },
      body: photo.blob.slice(offset, offset + PIECE),
    });
    const reached = Number(sent.headers.get("Upload-Offset"));
    if (sent.status !== 204 && sent.status !== 409) return false;
    if (!(reached > offset)) return false;
    offset = reached;
  }
  return offset === photo.blob.size;
}
