// Photos follow their reports, in pieces that can be resumed.
import { all, get, remove } from "../store/database.ts";
import type { Photo } from "../store/nouns.ts";
import { ask } from "./server.ts";

const PIECE = 512 * 1024;

export async function sendPhotos(mission: string): Promise<void> {
  for (const photo of await all<Photo>("photos")) {
    if (photo.report === null || !(await hasReceipt(photo.report))) continue;
    if (await sendPhoto(mission, photo)) await remove("photos", photo.name);
  }
}

async function hasReceipt(report: string): Promise<boolean> {
  return (await get("receipts", report)) !== undefined;
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
  return true;
}
