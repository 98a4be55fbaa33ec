// Who am I? A code, once.
import { useEffect, useState } from "preact/hooks";
import { Head } from "../parts/frame.tsx";
import { go } from "../route.ts";
import { refreshMe } from "../sync/gates.ts";
import { Refused, Unreachable } from "../sync/server.ts";
import { get, has } from "../store/database.ts";
import type { Me } from "../store/nouns.ts";
import { nextGate } from "../store/gates.ts";
import { knownVault } from "../store/keys.ts";
import { lookWanted, wanted } from "../store/vault.ts";
import { removeLock } from "../lock.ts";
import { eraseAll } from "../store/forgetting.ts";
import { lastLeft, mayLeave, unreceived } from "../sync/leaving.ts";
import { enrol, isOwnCode, openCode, type Opened } from "../sync/take.ts";
import { sync } from "../sync/keeper.ts";
import { clock, t } from "../words.ts";

export function Enrol({ code: given }: { code: string | undefined }) {
  const [code, setCode] = useState(given ?? "");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  /** Whether somebody is enrolled on this phone: what is on it is not lost, and there is a way back to it. */
  const [inside, setInside] = useState(false);

  async function start(): Promise<void> {
    setBusy(true);
    setProblem("");
    try {
      const found = await openCode(code.trim());
      setOpened(found);
      await makeRoomFor(found);
      await enrol(code.trim());
      if (knownVault() === null) removeLock();
      await refreshMe().catch(() => undefined);
      await lookWanted();
      if (wanted.value) return go({ name: "day" });
      await sync();
      const me = await get<Me>("self", "me");
      go({ name: nextGate(me?.gates) ?? "day" });
    } catch (error) {
      setProblem(words(error));
      setBusy(false);
    }
  }

  async function begin(): Promise<void> {
    history.replaceState(null, "", location.pathname);
    const here = await has("self", "token");
    setInside(here);
    if (given && here && (await isOwnCode(given))) go({ name: "day" }, true);
    else if (given) await start();
  }

  useEffect(() => void begin(), []);

  return (
    <>
      <Head me={undefined} />
      <main class="enrol">
        <h1>{t("Start on this phone")}</h1>
        {inside && (
          <>
            <p class="say">{t("An observer is already signed in on this phone. Nothing on it is lost.")}</p>
            <button class="btn" onClick={() => go({ name: "day" }, true)}>
              {t("Back to the day")}
            </button>
          </>
        )}
        {leftWords() && <p class="say" role="status">{leftWords()}</p>}
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

/** What became of the mission that was on this phone before. */
function leftWords(): string {
  const left = lastLeft();
  if (!left) return "";
  const time = clock(left.at);
  return left.why === "wiped" ? t("The mission wiped this phone at {time}.", { time }) : t("Signed out at {time}. Nothing of the mission is on this phone.", { time });
}

/** Nothing of another observer stays on a phone, and nothing of theirs is lost. */
class Occupied extends Error {}

async function makeRoomFor(opened: Opened): Promise<void> {
  const me = await get<Me>("self", "me");
  if (!me || (me.pseudonym === opened.pseudonym && me.mission === opened.mission)) return;
  const here = await unreceived();
  if (!mayLeave(here) || here.drafts > 0) throw new Occupied(me.pseudonym ?? "");
  await eraseAll();
}

function words(error: unknown): string {
  if (error instanceof Occupied) {
    return t("This phone holds reports or drafts of observer {name} that were not received. They are to be sent, or saved to a file, and that observer signed out in More. Your code can still be used.", { name: error.message });
  }
  if (error instanceof Unreachable) return t("No network. Try again when there is some.");
  if (error instanceof Refused && error.status === 410) return t("This code was used. Ask for a new one.");
  return t("This code is not known. Check it, or ask for a new one.");
}
