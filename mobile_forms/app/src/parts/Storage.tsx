// Is what I write safe on this phone? Browsers clear what they store; less so of an installed app.
import { useEffect, useState } from "preact/hooks";
import { installPrompt, isInstalled } from "../install.ts";
import { t } from "../words.ts";

/** Below so many bytes a day's photos may not fit. */
const LITTLE = 100_000_000;

export function Storage() {
  const [kept, setKept] = useState<boolean>();
  const [room, setRoom] = useState<number>();
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setKept);
    void navigator.storage?.estimate?.().then(({ quota, usage }) => quota !== undefined && setRoom(quota - (usage ?? 0)));
  }, []);
  return (
    <section class="storage">
      {kept === true && <p class="lead">{t("This phone keeps the app's reports until they are sent.")}</p>}
      {kept === false && <Cleared ask={() => void navigator.storage.persist().then(setKept)} />}
      {room !== undefined && room < LITTLE && (
        <p class="check">{t("Little room is left on this phone: {size} MB. Make room, or photos may not fit.", { size: Math.floor(room / 1_000_000) })}</p>
      )}
    </section>
  );
}

function Cleared({ ask }: { ask: () => void }) {
  const prompt = installPrompt.value;
  return (
    <>
      <p class="lead">{t("The phone may clear this app when it runs out of room or after weeks without use. Installed on the home screen it is kept. Do not clear the browser's data.")}</p>
      {prompt ? (
        <button class="btn" onClick={() => void prompt.prompt()}>
          {t("Install the app")}
        </button>
      ) : (
        !isInstalled() && <p class="hint">{t("In the browser's menu choose Install or Add to Home Screen, before the first report.")}</p>
      )}
      <button class="btn" onClick={ask}>
        {t("Ask the phone to keep it")}
      </button>
    </>
  );
}
