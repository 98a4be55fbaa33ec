// Base64, of both alphabets, with or without padding.

/** The bytes that a text of base64 stands for. Throws where it is none. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}
