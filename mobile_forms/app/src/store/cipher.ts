// Encryption of what the phone stores: a random key, opened by a passphrase (PBKDF2, AES-GCM). No key
// can be taken out of the browser's own keeping (extractable: false).
import { newId } from "../report/identity.ts";

/** OWASP's figure for PBKDF2 with SHA-256: more than half a second on a phone, for each guess. */
const ROUNDS = 600_000;
const NO_SALT = new Uint8Array(32);
const bytesOf = (text: string) => new TextEncoder().encode(text);
type Bytes = Uint8Array<ArrayBuffer>;
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** What is stored of a vault: its key, which the passphrase opens. */
export interface Vault {
  id: string;
  rounds: number;
  salt: Bytes;
  iv: Bytes;
  wrapped: ArrayBuffer;
}

/** The keys of an open vault: to seal values, to hide names, and to seal at once what a closing page leaves. */
export interface Keys {
  id: string;
  seal: CryptoKey;
  hide: CryptoKey;
  leave: CryptoKey;
}

/** A value as it is stored in a vault. */
export interface Sealed {
  vault: string;
  iv: Bytes;
  sealed: ArrayBuffer;
}

export function isSealed(value: unknown): value is Sealed {
  return typeof value === "object" && value !== null && "sealed" in value && "vault" in value;
}

/** The same passphrase, however a keyboard writes it. */
const asTyped = (passphrase: string) => passphrase.normalize("NFKC").trim().replace(/\s+/g, " ");

async function passphraseKey(passphrase: string, { salt, rounds }: Pick<Vault, "salt" | "rounds">): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey("raw", bytesOf(asTyped(passphrase)), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A new vault: a random key, wrapped by the passphrase. */
export async function makeVault(passphrase: string): Promise<{ vault: Vault; keys: Keys }> {
  const how = { rounds: ROUNDS, salt: random(16), iv: random(12) };
  const wrapping = await passphraseKey(passphrase, how);
  const key = random(32);
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: how.iv }, wrapping, key);
  key.fill(0);
  const vault = { id: newId(), ...how, wrapped };
  const keys = await openVault(vault, passphrase);
  if (!keys) throw new Error("the vault does not open");
  return { vault, keys };
}

/** The keys of a vault; null where this is not its passphrase. */
export async function openVault(vault: Vault, passphrase: string): Promise<Keys | null> {
  const wrapping = await passphraseKey(passphrase, vault);
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: vault.iv }, wrapping, vault.wrapped).catch(() => null);
  if (!bytes) return null;
  const key = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  new Uint8Array(bytes).fill(0);
  const derive = (use: string, as: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]) =>
    crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: NO_SALT, info: bytesOf(use) }, key, as, false, usages);
  const [seal, hide, leave] = await Promise.all([
    derive("seal", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    derive("hide", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]),
    derive("leave", { name: "AES-CTR", length: 256 }, ["encrypt"]),
  ]);
  return { id: vault.id, seal, hide, leave };
}

/** Seal a value for one place of the store; it opens at no other. A file in it (`blob`) is sealed with it. */
export async function seal(keys: Keys, place: string, value: unknown): Promise<Sealed> {
  const iv = random(12);
  const how = { name: "AES-GCM", iv, additionalData: bytesOf(place) };
  return { vault: keys.id, iv, sealed: await crypto.subtle.encrypt(how, keys.seal, await packed(value)) };
}

/** Open what was sealed for this place. Throws where it was changed, or is of another place. */
export async function open<T>(keys: Keys, place: string, { iv, sealed }: Sealed): Promise<T> {
  const how = { name: "AES-GCM", iv, additionalData: bytesOf(place) };
  return unpacked(await crypto.subtle.decrypt(how, keys.seal, sealed)) as T;
}

/** The length of a JSON object in four bytes, the object, and the bytes of the file. */
async function packed(value: unknown): Promise<ArrayBuffer> {
  const blob = (value as { blob?: unknown } | null)?.blob;
  const file = blob instanceof Blob ? blob : null;
  const said = file ? { value: { ...(value as object), blob: undefined }, type: file.type } : { value };
  const json = bytesOf(JSON.stringify(said));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, json.length);
  return new Blob([length, json, ...(file ? [file] : [])]).arrayBuffer();
}

function unpacked(bytes: ArrayBuffer): unknown {
  const end = 4 + new DataView(bytes).getUint32(0);
  const { value, type } = JSON.parse(new TextDecoder().decode(bytes.slice(4, end))) as { value: object; type?: string };
  return type === undefined ? value : { ...value, blob: new Blob([bytes.slice(end)], { type }) };
}

/** A name that tells nothing to whoever has not the key, such as that of a photo: it is the photo's hash. */
export async function hidden(keys: Keys, name: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", keys.hide, bytesOf(name)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes (AES-CTR) that make a text unreadable at once, by exclusive or: a closing page cannot wait for a cipher. */
export async function keystream(keys: Keys, nonce: Bytes, length: number): Promise<Bytes> {
  const counter = new Uint8Array(16);
  counter.set(nonce);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, keys.leave, new Uint8Array(length)));
}

/** For one keystream: no two begin alike. */
export const newNonce = () => random(8);
