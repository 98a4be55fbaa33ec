// Finishing the open form: it becomes bytes, the form is closed, the outbox is tried.
import { useState } from "preact/hooks";
import { close } from "../form/open.ts";
import type { FormSession } from "../form/session.ts";
import { finalise } from "../report/finalise.ts";
import { go } from "../route.ts";
import { recount, sync } from "../sync/keeper.ts";

/** `unkept` where the phone had no room for the report: the draft is kept. */
export function useFinishing(form: FormSession) {
  const [busy, setBusy] = useState(false);
  const [unkept, setUnkept] = useState(false);
  const complete = async () => {
    setBusy(true);
    try {
      await finalise(form);
    } catch {
      setBusy(false);
      setUnkept(true);
      return;
    }
    close();
    await recount();
    go({ name: "day" });
    void sync();
  };
  return { busy, unkept, complete };
}
