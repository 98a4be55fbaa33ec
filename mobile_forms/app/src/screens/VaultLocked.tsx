// The vault is locked: nothing can be shown, and no report sent, until the passphrase is typed.
import { useState } from "preact/hooks";
import { unlockVault, waitSeconds } from "../lock.ts";
import { Mark } from "../parts/icons.tsx";
import { LostPassphrase } from "../parts/LostPassphrase.tsx";
import { Passphrase } from "../parts/Passphrase.tsx";
import { SecretForm } from "../parts/SecretForm.tsx";
import { useStored } from "../parts/stored.ts";
import { readCalls } from "../store/desk.ts";
import { takeUp } from "../store/keeping.ts";
import { vault } from "../store/keys.ts";
import { lookWanted } from "../store/vault.ts";
import { start, unsent } from "../sync/keeper.ts";
import { t } from "../words.ts";

export function VaultLocked() {
  const [typed, setTyped] = useState([""]);
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const calls = useStored(readCalls) ?? [];
  async function open(): Promise<void> {
    if (waitSeconds() > 0) return setSaid(t("Nothing was tried yet. Wait {seconds} seconds, then type the passphrase.", { seconds: waitSeconds() }));
    setBusy(true);
    const right = await unlockVault(typed[0]!);
    setBusy(false);
    if (!right) return setSaid(wrongWords());
    setTyped([""]);
    await takeUp().catch(() => undefined);
    await lookWanted();
    vault.value = "open";
    void start();
  }
  return (
    <>
      <header>
        <Mark />
        <div class="who">Indelible</div>
      </header>
      <main class="enrol">
        <h1>{t("Locked")}</h1>
        <p>{unsent.value > 0 ? t("Reports that wait: {count}. Unlock to send.", { count: unsent.value }) : t("No report waits to be sent.")}</p>
        {calls.some((each) => each.said?.sent === false) && (
          <p class="check" role="status">
            {t("Your answer to the call for safety is on this phone. If there is no network now, unlock to send it.")}
          </p>
        )}
        <SecretForm word={t("Unlock")} submit={() => void open()} said={said} busy={busy}>
          <Passphrase labels={[t("Passphrase")]} values={typed} change={setTyped} />
        </SecretForm>
        <LostPassphrase />
      </main>
    </>
  );
}

function wrongWords(): string {
  const seconds = waitSeconds();
  return seconds > 0 ? t("This is not the passphrase. Wait {seconds} seconds.", { seconds }) : t("This is not the passphrase. Try again.");
}
