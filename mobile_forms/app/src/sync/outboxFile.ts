// The outbox as a file that only the mission can open: sealed by HPKE (RFC 9180) to its key.
import { all, get, put } from "../store/database.ts";
import type { Me, Photo, PublicKey, SavedFile, Waiting } from "../store/nouns.ts";
import { bytesOf } from "./base64.ts";

const MAGIC = "indelible outbox 1";
const MOST_REPORTS = 1000;
/** Of all photos in a file: a phone has to hold it whole in its memory. */
const MOST_PHOTO_BYTES = 40 * 1024 * 1024;

export interface OutboxFile {
  name: string;
  blob: Blob;
  saved: SavedFile;
}

/** Seal what is unsent, with its photos unless that is not wanted. Null where the phone was not told the mission's key yet. */
export async function sealOutbox(withPhotos = true): Promise<OutboxFile | null> {
  const [me, token] = await Promise.all([get<Me>("self", "me"), get<string>("self", "token")]);
  if (!me?.keys || !token) return null;
  const reports = (await all<Waiting>("outbox")).filter((each) => each.mission === me.mission).slice(0, MOST_REPORTS);
  const photos = withPhotos ? fitting((await all<Photo>("photos")).filter((each) => each.report !== null)) : [];
  const at = new Date().toISOString();
  const content = {
    token,
    saved_at: at,
    reports: reports.map((each) => each.body),
    photos: photos.map((each) => ({ name: each.name, size: each.blob.size })),
  };
  const blob = await seal(me.mission, me.keys.outbox, await plainOf(content, photos));
  const saved = { at, reports: reports.map((each) => each.id), photos: photos.map((each) => each.name) };
  return { name: `${me.pseudonym}-${at.slice(0, 16).replace(":", "")}.outbox`, blob, saved };
}

/** Note what is in a file, so that the screen says so. */
export const noteSaved = (saved: SavedFile) => put("self", "savedFile", saved);

function fitting(photos: Photo[]): Photo[] {
  let size = 0;
  return photos.filter((each) => (size += each.blob.size) <= MOST_PHOTO_BYTES);
}

/** The length of a JSON object in four bytes, the object, and the photos one after the other. */
async function plainOf(content: object, photos: Photo[]): Promise<ArrayBuffer> {
  const said = new TextEncoder().encode(JSON.stringify(content));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, said.length);
  return new Blob([length, said, ...photos.map((each) => each.blob)]).arrayBuffer();
}

async function seal(mission: string, key: PublicKey, plain: ArrayBuffer): Promise<Blob> {
  const { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
  const info = new TextEncoder().encode(`${MAGIC}\n${JSON.stringify({ mission, key: key.id })}\n`);
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytesOf(key.public_key).buffer);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: info.buffer }, plain);
  return new Blob([info, enc, ct], { type: "application/octet-stream" });
}
