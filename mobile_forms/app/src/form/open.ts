// The one form that is open, kept while the observer goes between its screens. The engine is
// large and apart from the rest: it comes in the background, and is read when a form is opened.
import { useEffect, useState } from "preact/hooks";
import engineFiles from "virtual:wasm";
import type { FormSession } from "./session.ts";

let current: { id: string; session: Promise<FormSession> } | undefined;

/** Whether a form is open: a new version of the app waits until none is. */
export const isFormOpen = () => current !== undefined;

export function close(): void {
  current = undefined;
}

/** Bring the engine onto the phone, while the observer looks at other screens. */
export async function fetchEngine(): Promise<void> {
  await Promise.allSettled([...engineFiles.map((address) => fetch(address)), import("./session.ts")]);
}

const open = (id: string) => import("./session.ts").then(({ FormSession }) => FormSession.open(id));

export function useForm(id: string): FormSession | Error | undefined {
  const [session, setSession] = useState<FormSession | Error>();
  useEffect(() => {
    if (current?.id !== id) current = { id, session: open(id) };
    current.session.then(setSession, (error: Error) => {
      close();
      setSession(error);
    });
  }, [id]);
  return session;
}
