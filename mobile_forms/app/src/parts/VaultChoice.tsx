// With a vault: when the passphrase is asked for again, and locking at once.
import { changeMinutes, lock, lockAll, MINUTES } from "../lock.ts";
import { t } from "../words.ts";
import { Choice } from "./Choice.tsx";

export function VaultChoice() {
  const options = MINUTES.map((each) => [String(each), t("{count} min without a touch", { count: each })] as const);
  return (
    <>
      <Choice legend={t("Ask for the passphrase after")} options={options} chosen={String(lock.value?.minutes ?? "")} choose={(each) => changeMinutes(Number(each))} />
      <p class="hint">{t("What you write and receive is stored encrypted. The passphrase is also asked for whenever the app opens.")}</p>
      <button class="btn" onClick={lockAll}>
        {t("Lock now")}
      </button>
    </>
  );
}
