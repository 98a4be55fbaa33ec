// The mission asks for a passphrase: what it is for, what it does not do, and typed twice.
import { useState } from "preact/hooks";
import { beginVault } from "../lock.ts";
import { Mark } from "../parts/icons.tsx";
import { Passphrase } from "../parts/Passphrase.tsx";
import { SecretForm } from "../parts/SecretForm.tsx";
import { go } from "../route.ts";
import { get } from "../store/database.ts";
import { nextGate } from "../store/gates.ts";
import type { Me } from "../store/nouns.ts";
import { SHORTEST, unfit, wanted } from "../store/vault.ts";
import { start } from "../sync/keeper.ts";
import { t } from "../words.ts";

export function SetPassphrase() {
  const [typed, setTyped] = useState(["", ""]);
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const [noRoom, setNoRoom] = useState(false);
  async function set(): Promise<void> {
    const problem = problemOf(typed[0]!, typed[1]!);
    setSaid(problem);
    if (problem) return;
    setBusy(true);
    try {
      await beginVault(typed[0]!);
    } catch {
      setNoRoom(true);
      setBusy(false);
      return setSaid(t("There is no room to encrypt what is on this phone. Nothing was changed. Make room, then try again."));
    }
    await goOn();
  }
  return (
    <>
      <header>
        <Mark />
        <div class="who">Indelible</div>
      </header>
      <main class="enrol">
        <h1>{t("Choose a passphrase")}</h1>
        <p>{t("This mission asks for one. What you write and receive is stored encrypted on this phone and opens with the passphrase alone.")}</p>
        <ul class="facts-of">
          <li>{t("At least {count} characters. Four or more words that do not belong together are easy to remember.", { count: SHORTEST })}</li>
          <li>{t("Not a number: whoever copies this phone's storage soon guesses a PIN of 6 digits.")}</li>
          <li>{t("Nobody can open it for you. A lost passphrase loses drafts and photos that were not sent.")}</li>
          <li>{t("While locked, reports are not sent. While open, nothing is protected: lock the phone before it leaves your hand.")}</li>
        </ul>
        <SecretForm
          word={t("Set the passphrase")}
          submit={() => void set()}
          said={said}
          busy={busy}
          besides={
            noRoom && (
              <button class="btn" type="button" onClick={later}>
                {t("Not now")}
              </button>
            )
          }
        >
          <Passphrase labels={[t("Passphrase"), t("The same passphrase again")]} values={typed} change={setTyped} fresh />
        </SecretForm>
      </main>
    </>
  );
}

/** It is asked again at the next opening. */
function later(): void {
  wanted.value = false;
  void start();
}

/** What was waiting for the passphrase is taken and sent now. */
async function goOn(): Promise<void> {
  await start();
  const me = await get<Me>("self", "me");
  const gate = nextGate(me?.gates);
  if (gate) go({ name: gate });
}

function problemOf(passphrase: string, again: string): string {
  const why = unfit(passphrase);
  if (why === "short") return t("At least {count} characters.", { count: SHORTEST });
  if (why === "digits") return t("Digits alone can be guessed. Take words.");
  if (why === "simple") return t("Too few different letters. Take more words.");
  return passphrase === again ? "" : t("The two differ. Type them again.");
}
