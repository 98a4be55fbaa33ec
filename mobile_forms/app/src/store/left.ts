// What a closing page leaves: written at once, where no write of the store would outlive the page. With a
// vault it is made unreadable by bytes that were prepared before (a keystream), none of which serves twice.
import { keystream, newNonce } from "./cipher.ts";
import { keys, knownVault } from "./keys.ts";

const LEFT = "indelible-left-";
const PREPARED = 1024 * 1024;

interface Stream {
  nonce: Uint8Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  used: number;
}

/** As it is stored: what the bytes were made of, and where in them the text begins. */
interface Covered {
  nonce: string;
  from: number;
  text: string;
}

let stream: Stream | null = null;

/** Prepare bytes for the next pages that close. */
export async function renewStream(): Promise<void> {
  const held = keys();
  if (!held) return;
  const nonce = newNonce();
  stream = { nonce, bytes: await keystream(held, nonce, PREPARED), used: 0 };
}

export function dropStream(): void {
  stream = null;
}

/** Leave a text for the next opening. False where it cannot be: the vault is locked, or there is no room. */
export function leave(name: string, text: string): boolean {
  try {
    const said = knownVault() === null ? text : cover(text);
    if (said !== null) localStorage.setItem(LEFT + name, said);
    return said !== null;
  } catch {
    return false;
  }
}

function cover(text: string): string | null {
  const plain = new TextEncoder().encode(text);
  if (!stream || stream.used + plain.length > stream.bytes.length) return null;
  const { nonce, bytes, used: from } = stream;
  stream.used += plain.length;
  if (stream.used > bytes.length / 2) void renewStream();
  const covered: Covered = { nonce: textOf(nonce), from, text: textOf(xor(plain, bytes.subarray(from))) };
  return JSON.stringify(covered);
}

/** Everything that was left and can be read, by its name. What cannot be read stays for a later opening. */
export async function readLeft(): Promise<[string, string][]> {
  const names = Object.keys(localStorage).filter((each) => each.startsWith(LEFT));
  const found = names.map(async (place) => [place.slice(LEFT.length), await uncover(localStorage.getItem(place)!)] as const);
  return (await Promise.all(found)).flatMap(([name, text]) => (text === null ? [] : [[name, text]]));
}

async function uncover(said: string): Promise<string | null> {
  const { nonce, from, text } = JSON.parse(said) as Partial<Covered>;
  if (nonce === undefined || from === undefined || text === undefined) return said;
  const held = keys();
  if (!held) return null;
  const covered = bytesOf(text);
  const bytes = await keystream(held, bytesOf(nonce), from + covered.length);
  return new TextDecoder().decode(xor(covered, bytes.subarray(from)));
}

export function forgetLeft(name: string): void {
  localStorage.removeItem(LEFT + name);
}

const xor = (text: Uint8Array, by: Uint8Array) => text.map((byte, place) => byte ^ by[place]!);
const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const textOf = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
