// The road without a network: the outbox leaves as a sealed file, its receipts come back.
import { useEffect, useState } from "preact/hooks";
import { get } from "../store/database.ts";
import type { SavedFile } from "../store/nouns.ts";
import { recount } from "../sync/keeper.ts";
import { noteSaved, sealOutbox, type OutboxFile as Sealed } from "../sync/outboxFile.ts";
import { receiptsIn, takeReceipts, type Taken } from "../sync/receipts.ts";
import { clock, t } from "../words.ts";
import { useStored } from "./stored.ts";

export const readSaved = () => get<SavedFile>("self", "savedFile");

export function SaveToFile() {
  const saved = useStored(readSaved);
  const [problem, setProblem] = useState("");
  async function save(): Promise<void> {
    const file = await sealOutbox().catch(() => undefined);
    if (!file) {
      const unknown = t("Open the app once where there is network: it does not know the mission's key yet.");
      setProblem(file === null ? unknown : t("The file could not be made. Make room on the phone, then try again."));
      return;
    }
    setProblem("");
    download(file);
    await noteSaved(file.saved);
    await recount();
  }
  return (
    <section class="file">
      <h2>{t("No network for long?")}</h2>
      <p class="hint">
        {t("Save what is unsent to a file and give it to your coordinator: on a memory card, by a message, over another phone. Only the mission can open it. Everything stays here until its receipt has come.")}
      </p>
      <button class="btn" onClick={() => void save()}>
        {t("Save to a file")}
      </button>
      <p role="status">{saved && t("Saved to a file at {time}: reports {reports}, photos {photos}.", savedWords(saved))}</p>
      {problem && (
        <p class="check" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

const savedWords = ({ at, reports, photos }: SavedFile) => ({ time: clock(at), reports: reports.length, photos: photos.length });

/** Give a file to whoever holds the phone. */
export function download({ blob, name }: Pick<Sealed, "blob" | "name">): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}

/** `given`: an address with receipts that opened the app. */
export function TakeReceipts({ given }: { given?: string | undefined }) {
  const [said, setSaid] = useState("");
  const [typed, setTyped] = useState("");
  async function take(text: string): Promise<void> {
    const items = receiptsIn(text);
    setSaid(items.length === 0 ? t("There are no receipts in it.") : takenWords(await takeReceipts(items)));
    await recount();
  }
  useEffect(() => {
    if (!given) return;
    history.replaceState(null, "", "#outbox");
    void take(given);
  }, []);
  return (
    <section class="file">
      <h2>{t("Receipts from the desk")}</h2>
      <p class="hint">{t("The desk gives receipts for a file as a file, as a code to scan, or as a message.")}</p>
      <label class="btn">
        <input class="sr" type="file" accept=".json,application/json" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(take)} />
        {t("Open the file of receipts")}
      </label>
      <details>
        <summary>{t("Paste the message")}</summary>
        <label class="field">
          <span>{t("Message from the desk")}</span>
          <textarea class="text" rows={3} dir="ltr" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <button class="btn" onClick={() => void take(typed)}>
          {t("Take the receipts")}
        </button>
      </details>
      <p role="status">{said}</p>
    </section>
  );
}

function takenWords({ now, before, unfit }: Taken): string {
  const words = [t("Received now: {count}.", { count: now })];
  if (before > 0) words.push(t("Received before: {count}.", { count: before }));
  if (unfit > 0) words.push(t("Receipts that fit no report here: {count}. Those reports stay.", { count: unfit }));
  return words.join(" ");
}
