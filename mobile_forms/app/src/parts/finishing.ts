// Finishing the open form: it becomes bytes, the form is closed, the outbox is tried.
import { useState } from "preact/hooks";
import { close } from "../form/open.ts";
import type { FormSession } from "../form/session.ts";
import { finalise } from "../report/finalise.ts";
import { go, type Screen } from "../route.ts";
import { recount, sync } from "../sync/keeper.ts";

/** `unkept` where the phone had no room for the report: the draft is kept. */
export function useFinishing(form: FormSession) {
  const [busy, setBusy] = useState(false);
  const [unkept, setUnkept] = useState(false);
  const complete = async (after: Screen = { name: "day" }, also: () => Promise<void> = async () => {}) => {
    setBusy(true);
    try {
      await finalise(form);
      await also();
    } catch {
      setBusy(false);
      setUnkept(true);
      return;
    }
    close();
    await recount();
    go(after, after.name !== "day");
    void sync();
  };
  return { busy, unkept, complete };
}
