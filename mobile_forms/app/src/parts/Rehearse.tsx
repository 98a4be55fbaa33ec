// Will it work on the day? This phone asks the server, and shows what it answered.
import { useState } from "preact/hooks";
import { rehearse } from "../sync/gates.ts";
import { clock, t } from "../words.ts";

export function Rehearse() {
  const [said, setSaid] = useState("");
  async function go(): Promise<void> {
    setSaid(t("One moment"));
    try {
      setSaid(`${t("This phone reaches the mission. Receipt given at")} ${clock(await rehearse())}`);
    } catch {
      setSaid(t("No answer. Try again where there is network."));
    }
  }
  return (
    <section class="rehearse">
      <h2>{t("Rehearse")}</h2>
      <p>{t("Try before the day whether this phone reaches the mission. It sends no report.")}</p>
      <button class="btn" onClick={() => void go()}>
        {t("Rehearse")}
      </button>
      <p role="status">{said}</p>
    </section>
  );
}
