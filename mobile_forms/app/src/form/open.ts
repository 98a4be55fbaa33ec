// The one form that is open, kept while the observer goes between its screens.
import { useEffect, useState } from "preact/hooks";
import { FormSession } from "./session.ts";

let current: { id: string; session: Promise<FormSession> } | undefined;

/** Whether a form is open: a new version of the app waits until none is. */
export const isOpen = () => current !== undefined;

export function close(): void {
  current = undefined;
}

export function useForm(id: string): FormSession | Error | undefined {
  const [session, setSession] = useState<FormSession | Error>();
  useEffect(() => {
    if (current?.id !== id) current = { id, session: FormSession.open(id) };
    current.session.then(setSession, (error: Error) => {
      close();
      setSession(error);
    });
  }, [id]);
  return session;
}
