// Installing the app on the home screen, where the browser offers it.
import { signal } from "@preact/signals";

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** The browser's offer to install, until it is taken. */
export const installPrompt = signal<InstallPrompt | null>(null);

export const isInstalled = () => matchMedia("(display-mode: standalone)").matches;

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt.value = event as InstallPrompt;
  });
  addEventListener("appinstalled", () => (installPrompt.value = null));
}
