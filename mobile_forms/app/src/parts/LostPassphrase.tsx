// The passphrase is lost: what goes with it, what can still be saved, and starting anew.
import { useState } from "preact/hooks";
import { eraseAll } from "../store/forgetting.ts";
import { lostWith, type Rescue } from "../sync/rescue.ts";
import { t } from "../words.ts";
import { download } from "./OutboxFile.tsx";
import { useStored } from "./stored.ts";

export function LostPassphrase() {
  const lost = useStored(lostWith);
  const [saved, setSaved] = useState(false);
  const [sure, setSure] = useState(false);
  if (!lost) return null;
  const { reports, drafts, photos, file } = lost;
  /** Reports that the file does not hold. */
  const left = Math.max(0, reports - (file?.reports.length ?? 0));
  return (
    <details class="lost">
      <summary>{t("I have lost the passphrase")}</summary>
      <div>
        <p>{t("Nobody can open what is on this phone without it, the mission neither. You can delete it and start anew with a new code from your coordinator.")}</p>
        {left + drafts + photos > 0 && (
          <p class="check">{t("Lost with it, as they are on this phone only: reports {reports}, drafts {drafts}, photos {photos}.", { reports: left, drafts, photos })}</p>
        )}
        {file && <Save file={file} saved={() => setSaved(true)} />}
        {saved && <p role="status">{t("Give the file to your coordinator by any road. It is then the only copy of these reports.")}</p>}
        {sure ? (
          <>
            {file && !saved && <p class="check needed">{t("The reports were not saved to a file yet.")}</p>}
            <button class="btn main" onClick={() => void startAnew()}>
              {t("Delete everything and start anew")}
            </button>
            <button class="btn" onClick={() => setSure(false)}>
              {t("Keep it")}
            </button>
          </>
        ) : (
          <button class="btn" onClick={() => setSure(true)}>
            {t("Start anew")}
          </button>
        )}
      </div>
    </details>
  );
}

function Save({ file, saved }: { file: Rescue; saved: () => void }) {
  function save(): void {
    download({ name: file.name, blob: new Blob([file.bytes], { type: "application/octet-stream" }) });
    saved();
  }
  return (
    <>
      <p>{t("Finished reports can still be saved: {count}, without their photos, in a file that only the mission can open.", { count: file.reports.length })}</p>
      <button class="btn" onClick={save}>
        {t("Save to a file")}
      </button>
    </>
  );
}

async function startAnew(): Promise<void> {
  await eraseAll();
  // The link with a new code may have opened the app.
  if (!location.hash.startsWith("#enrol")) location.hash = "#enrol";
  location.reload();
}
