// Who am I? A code, once.
import { useEffect, useState } from "preact/hooks";
import { Head } from "../parts/frame.tsx";
import { go } from "../route.ts";
import { Refused, Unreachable } from "../sync/server.ts";
import { get } from "../store/database.ts";
import type { Me } from "../store/nouns.ts";
import { nextGate } from "../store/gates.ts";
import { enrol, openCode, type Opened } from "../sync/take.ts";
import { sync } from "../sync/keeper.ts";
import { clock, t } from "../words.ts";

export function Enrol({ code: given }: { code: string | undefined }) {
  const [code, setCode] = useState(given ?? "");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState<Opened>();

  async function start(): Promise<void> {
    setBusy(true);
    setProblem("");
    try {
      setOpened(await openCode(code.trim()));
      await enrol(code.trim());
      await sync();
      const me = await get<Me>("self", "me");
      go({ name: nextGate(me?.gates) ?? "day" });
    } catch (error) {
      setProblem(words(error));
      setBusy(false);
    }
  }

  useEffect(() => {
    history.replaceState(null, "", location.pathname);
    if (given) void start();
  }, []);

  return (
    <>
      <Head me={undefined} />
      <main class="enrol">
        <h1>{t("Start on this phone")}</h1>
        <p>{t("Open the link or type the code that your coordinator gave you. It can be used once.")}</p>
        {opened && (
          <p class="say">
            {t("This code is for observer {name}, {mission}.", { name: opened.pseudonym, mission: opened.mission_title })}{" "}
            {opened.expires_at && t("It serves until {time}.", { time: clock(opened.expires_at) })}
          </p>
        )}
        {problem && (
          <p class="check" role="alert">
            {problem}
          </p>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void start();
          }}
        >
          <label class="field">
            <span>{t("Code")}</span>
            <input
              dir="ltr"
              value={code}
              required
              autocomplete="off"
              autocapitalize="none"
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          </label>
          <button class="btn main" disabled={busy}>
            {busy ? t("One moment") : t("Start")}
          </button>
        </form>
      </main>
    </>
  );
}

function words(error: unknown): string {
  if (error instanceof Unreachable) return t("No network. Try again when there is some.");
  if (error instanceof Refused && error.status === 410) return t("This code was used. Ask for a new one.");
  return t("This code is not known. Check it, or ask for a new one.");
}
