// A sound, a film or another file of a question: kept as it is, named by its content and its kind.
import { sha256 } from "../report/identity.ts";

/** What a question asks for. */
export type Medium = "image" | "audio" | "video" | "file";

/** The bytes that the server takes of one file. */
export const LARGEST = 20 * 1024 * 1024;

/** The kinds of files that the server takes, beside photos. */
export const KINDS: Record<string, string> = {
  m4a: "audio/mp4", mp3: "audio/mpeg", aac: "audio/aac", amr: "audio/amr", ogg: "audio/ogg", oga: "audio/ogg",
  opus: "audio/ogg", wav: "audio/wav", flac: "audio/flac", weba: "audio/webm",
  mp4: "video/mp4", "3gp": "video/3gpp", mov: "video/quicktime", webm: "video/webm", mkv: "video/x-matroska",
  pdf: "application/pdf", docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", odt: "application/vnd.oasis.opendocument.text",
  ods: "application/vnd.oasis.opendocument.spreadsheet", txt: "text/plain", csv: "text/csv",
};

const PICTURES = new Set(["jpg", "jpeg", "png"]);

export const ACCEPTED: Record<Medium, string> = {
  image: "image/*",
  audio: "audio/*",
  video: "video/*",
  file: [...PICTURES, ...Object.keys(KINDS)].map((each) => `.${each}`).join(),
};

/** The medium of an upload question, by what its form accepts. */
export function mediumOf(accept: string): Medium {
  const kind = accept.split("/")[0] ?? "";
  return kind === "audio" || kind === "video" || kind === "image" ? kind : "file";
}

export class FileRefused extends Error {
  constructor(readonly reason: "size" | "kind") {
    super(reason);
  }
}

/** The file under the name that it is sent by. Throws FileRefused for what the server would not take. */
export async function named(file: File): Promise<File> {
  const kind = kindOf(file);
  if (!kind) throw new FileRefused("kind");
  if (file.size > LARGEST || file.size === 0) throw new FileRefused("size");
  const content = await file.arrayBuffer();
  return new File([content], `${await sha256(content)}.${kind}`, { type: KINDS[kind]! });
}

/** By its name, else by what the phone says that it is. */
function kindOf(file: File): string | undefined {
  const ending = file.name.match(/\.(\w+)$/)?.[1]?.toLowerCase() ?? "";
  if (ending in KINDS) return ending;
  const type = file.type.split(";")[0];
  return Object.keys(KINDS).find((each) => KINDS[each] === type);
}

/** The type of a stored file, by its name. */
export function typeOf(name: string): string {
  const ending = name.split(".").pop() ?? "";
  return PICTURES.has(ending) ? "image/jpeg" : (KINDS[ending] ?? "application/octet-stream");
}

export const isPicture = (file: File) => file.type.startsWith("image/");

/** A size as it is shown; nothing weighs nothing. */
export const megabytes = (bytes: number) => Math.max(0.1, bytes / 1e6).toFixed(1);
