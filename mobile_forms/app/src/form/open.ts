// The one form that is open, kept while the observer goes between its screens. The engine is
// large: it is read when the first form is opened, from what the service worker keeps.
import { useEffect, useState } from "preact/hooks";
import type { FormSession } from "./session.ts";

let current: { id: string; session: Promise<FormSession> } | undefined;

/** Whether a form is open: a new version of the app waits until none is. */
export const isFormOpen = () => current !== undefined;

export function close(): void {
  current = undefined;
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
