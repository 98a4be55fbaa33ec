// What have I to keep to? The code in force, read and pledged to.
import { useEffect, useState } from "preact/hooks";
import { Head } from "../parts/frame.tsx";
import { go } from "../route.ts";
import { get } from "../store/database.ts";
import { nextGate } from "../store/gates.ts";
import type { Me } from "../store/nouns.ts";
import { Refused } from "../sync/server.ts";
import { pledge, readCode, type Code } from "../sync/gates.ts";
import { t } from "../words.ts";

export function Pledge() {
  const [code, setCode] = useState<Code>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    readCode().then(setCode, (error: unknown) => setProblem(unread(error)));
  }, []);

  async function sign(read: Code): Promise<void> {
    setBusy(true);
    setProblem("");
    try {
      await pledge(read);
      const me = await get<Me>("self", "me");
      go({ name: nextGate(me?.gates) ?? "day" });
    } catch {
      setProblem(t("Not sent. Try again when there is network."));
      setBusy(false);
    }
  }

  return (
    <>
      <Head me={undefined} />
      <main class="enrol">
        <h1>{t("The code that you keep to")}</h1>
        {problem && (
          <p class="check" role="alert">
            {problem}
          </p>
        )}
        {code && (
          <>
            <h2 dir="auto">{code.title}</h2>
            {code.summary && <p class="say">{t("This is a summary for a demonstration, not the official text.")}</p>}
            <div class="wording" lang={code.language} dir="auto">
              {code.text}
            </div>
            <button class="btn main" disabled={busy} onClick={() => void sign(code)}>
              {busy ? t("One moment") : t("I have read this and pledge to keep to it")}
            </button>
          </>
        )}
        <p>
          <a class="link" href="#day">{t("Later")}</a>
        </p>
        <p class="q">{t("Until you have pledged, your reports are kept, and counted afterwards.")}</p>
      </main>
    </>
  );
}

function unread(error: unknown): string {
  if (error instanceof Refused) return t("The mission has not loaded the text yet. You may start work; your coordinator will tell you.");
  return t("No network. Try again when there is some.");
}
