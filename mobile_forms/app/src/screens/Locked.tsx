// Who is there? Nothing of the reports is shown until the PIN is typed.
import { useState } from "preact/hooks";
import { unlock, waitSeconds } from "../lock.ts";
import { Mark } from "../parts/icons.tsx";
import { SecretForm } from "../parts/SecretForm.tsx";
import { unsent } from "../sync/keeper.ts";
import { t } from "../words.ts";

export function Locked() {
  const [pin, setPin] = useState("");
  const [said, setSaid] = useState("");
  async function open(): Promise<void> {
    if (waitSeconds() > 0) return setSaid(waitWords());
    const right = await unlock(pin);
    setPin("");
    if (!right) setSaid(wrongWords());
  }
  return (
    <>
      <header>
        <Mark />
        <div class="who">Indelible</div>
      </header>
      <main class="enrol">
        <h1>{t("Locked")}</h1>
        <p>{unsent.value > 0 ? t("Reports on this phone only: {count}. They go on sending themselves.", { count: unsent.value }) : t("Reports go on sending themselves.")}</p>
        <SecretForm word={t("Unlock")} submit={() => void open()} said={said}>
          <label class="field">
            <span>{t("PIN")}</span>
            <input type="password" inputmode="numeric" autocomplete="off" required value={pin} onInput={(event) => setPin(event.currentTarget.value)} />
          </label>
        </SecretForm>
        <p class="hint">
          {t("Forgotten? Ask your coordinator for a new code. Nothing on this phone is lost by that.")} <a href="#enrol">{t("Type a code")}</a>
        </p>
      </main>
    </>
  );
}

/** Nothing was tried: the right PIN is no wrong one while one has to wait. */
const waitWords = () => t("Nothing was tried yet. Wait {seconds} seconds, then type the PIN.", { seconds: waitSeconds() });

function wrongWords(): string {
  const seconds = waitSeconds();
  return seconds > 0 ? t("This is not the PIN. Wait {seconds} seconds.", { seconds }) : t("This is not the PIN. Try again.");
}
