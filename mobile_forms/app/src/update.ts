// A new version of the app: it waits, beside the old one, until no form is open.
import { isFormOpen } from "./form/open.ts";

const EVERY = 60_000;

interface Waiting {
  waiting: { postMessage(message: string): void } | null;
}

/** Let the version that waits take over, unless somebody is writing. */
export function offer({ waiting }: Waiting, writing = isFormOpen()): void {
  if (waiting && !writing) waiting.postMessage("take over");
}

/** Keep the app on the phone, and look from then on for a newer version. */
export async function install(): Promise<void> {
  const registration = await navigator.serviceWorker?.register("/field/sw.js", { scope: "/field/" });
  if (!registration) return;
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offer(registration));
  });
  offer(registration);
  setInterval(() => offer(registration), EVERY);
  if (navigator.serviceWorker.controller) navigator.serviceWorker.addEventListener("controllerchange", () => renew());
}

/** The new version has taken over: go on with it, unless somebody is writing. */
export function renew(writing = isFormOpen()): void {
  if (!writing) location.reload();
}
