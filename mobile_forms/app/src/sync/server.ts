// Talking to the server. Whatever is no answer of ours counts as no network.
import { get } from "../store/database.ts";
import { Locked } from "../store/keys.ts";

/** This phone's access, as long as this page lives: a locked phone still answers a call for safety. */
let access: string | undefined;

/** Whether this phone can speak to the server now. */
export const hasAccess = async () => (await readAccess()) !== undefined;

async function readAccess(): Promise<string | undefined> {
  try {
    access = await get<string>("self", "token");
  } catch (error) {
    if (!(error instanceof Locked)) throw error;
  }
  return access;
}

/**
 * No answer of ours: no network; a server that is busy; or a network that answers in the server's
 * place, as those do that want a sign-in first (a captive portal).
 */
export class Unreachable extends Error {
  constructor(
    readonly why: "offline" | "busy" | "portal" = "offline",
    readonly retryAfter: number | null = null,
  ) {
    super("unreachable");
  }
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Ask the server; `path` begins below /api/v1/. Throws Unreachable or Refused. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const token = await readAccess();
  const headers = new Headers(init.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, { ...init, headers, cache: "no-store", redirect: "manual" });
  } catch {
    throw new Unreachable();
  }
  // The server redirects nothing.
  if (response.type === "opaqueredirect" || response.status === 511) throw new Unreachable("portal");
  if (response.status === 429 || response.status >= 500) {
    throw new Unreachable("busy", Number(response.headers.get("Retry-After")) || null);
  }
  if (token && response.status === 401) throw new Refused(401, "unauthenticated", "");
  return response;
}

/** The same, as JSON. A portal's page of HTML is no answer. */
export async function askJson<T extends object>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await ask(path, init);
  const body = await readJson<T & { code?: string; detail?: string; title?: string }>(response);
  if (!response.ok) {
    throw new Refused(response.status, body.code ?? "", body.detail ?? body.title ?? "");
  }
  return body;
}

/** A JSON object. Throws Unreachable for anything else: the server answers with nothing else. */
export async function readJson<T extends object>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== "object" || body === null) throw new Unreachable("portal");
  return body as T;
}
