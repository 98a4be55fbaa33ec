// The one form that is open, kept while the observer goes between its screens. The engine is
// large and apart from the rest: it comes in the background, and is read when a form is opened.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import engineFiles from "virtual:wasm";
import { hold, OpenElsewhere } from "./holding.ts";
import type { FormSession } from "./session.ts";

interface Open {
  id: string;
  session: Promise<FormSession>;
  /** Another window may open it. */
  release: () => void;
}

let current: Open | undefined;
/** The draft that another window took while it was open here, and how often one was taken back. */
const taken = signal<string | null>(null);
const takenBack = signal(0);

/** Whether a form is open: a new version of the app waits until none is. */
export const isFormOpen = () => current !== undefined;

export function close(): void {
  current?.release();
  current = undefined;
}

/** Bring the engine onto the phone, while the observer looks at other screens. */
export async function fetchEngine(): Promise<void> {
  await Promise.allSettled([...engineFiles.map((address) => fetch(address)), import("./session.ts")]);
}

/** Open it, if no other window has it open; `steal` where it is to be open here all the same. */
function open(id: string, steal = false): Open {
  close();
  let released = false;
  const held = hold(id, steal, () => void lose(id));
  const session = held.then(async () => (await import("./session.ts")).FormSession.open(id));
  const opened: Open = { id, session, release: () => ((released = true), void held.then((release) => release(), () => undefined)) };
  const lose = async (lost: string): Promise<void> => {
    if (released || current !== opened) return;
    current = undefined;
    taken.value = lost;
    await session.then((each) => each.letGo(), () => undefined);
  };
  return opened;
}

/** Go on here with a draft that is open in another window: there it can no longer be changed. */
export function takeOver(id: string): void {
  current = open(id, true);
  taken.value = null;
  takenBack.value += 1;
}

export function useForm(id: string): FormSession | Error | undefined {
  const [session, setSession] = useState<FormSession | Error>();
  useEffect(() => {
    if (current?.id !== id) {
      if (taken.value === id) taken.value = null;
      current = open(id);
    }
    const mine = current;
    setSession(undefined);
    mine.session.then(setSession, (error: Error) => {
      if (current === mine) close();
      setSession(error);
    });
  }, [id, takenBack.value]);
  return taken.value === id ? new OpenElsewhere() : session;
}
