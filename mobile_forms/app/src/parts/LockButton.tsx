// Locking at once, from every screen of a phone with a vault.
import { lockAll } from "../lock.ts";
import { vault } from "../store/keys.ts";
import { t } from "../words.ts";
import { Padlock } from "./icons.tsx";

export function LockButton() {
  if (vault.value !== "open") return null;
  return (
    <button class="ic lock" aria-label={t("Lock")} onClick={lockAll}>
      <Padlock />
    </button>
  );
}
