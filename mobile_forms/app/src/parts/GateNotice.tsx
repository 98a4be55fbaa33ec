// What still stands before my reports count? It never stands before the work.
import type { Gates } from "../store/nouns.ts";
import { nextGate } from "../store/gates.ts";
import { t } from "../words.ts";

export function GateNotice({ gates }: { gates: Gates | null | undefined }) {
  const next = nextGate(gates);
  if (next) {
    return (
      <p class="say" role="status">
        {t("Your reports are kept, and counted once this is done.")}{" "}
        <a href={`#${next}`}>{next === "pledge" ? t("Read the code and pledge") : t("Declare your interests")}</a>
      </p>
    );
  }
  if (gates?.declaration === "pending") {
    return <p class="say">{t("Your declaration is being read. Reports are kept, and counted once it is accepted.")}</p>;
  }
  if (gates?.declaration === "refused") {
    return <p class="say">{t("Your declaration was not accepted. Call your coordinator. Reports are kept.")}</p>;
  }
  return null;
}
