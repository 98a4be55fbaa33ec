// The phone's back key goes one section back: each section that one goes on to is an entry of the history.
import { useEffect } from "preact/hooks";

interface Entry {
  section?: number;
  /** The section that it was gone on from. */
  from?: number;
}

const entry = () => (history.state ?? {}) as Entry;

/** Show the section that the back key leads to. */
export function useSectionHistory(at: number, show: (section: number) => void): void {
  useEffect(() => history.replaceState({ ...entry(), section: at }, ""), [at]);
  useEffect(() => {
    const back = () => {
      const { section } = entry();
      if (section !== undefined) show(section);
    };
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  });
}

/** Note that one goes to another section. True where going back does it: the entry before is that section. */
export function noteTurn(at: number, to: number): boolean {
  if (to < at && entry().from === to) {
    history.back();
    return true;
  }
  if (to > at) history.pushState({ section: to, from: at }, "");
  return false;
}
