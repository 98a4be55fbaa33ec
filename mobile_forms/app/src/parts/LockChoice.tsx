// Lock after a while: chosen here, with a PIN typed twice.
import { useState } from "preact/hooks";
import { changeMinutes, lock, MINUTES, removeLock, setLock, SHORTEST_PIN } from "../lock.ts";
import { t } from "../words.ts";
import { Choice } from "./Choice.tsx";

const NEVER = "0";

export function LockChoice() {
  const [asked, setAsked] = useState<number>();
  const [done, setDone] = useState(false);
  const chosen = String(asked ?? lock.value?.minutes ?? NEVER);
  function choose(minutes: string): void {
    setAsked(undefined);
    setDone(false);
    if (minutes === NEVER) removeLock();
    else if (lock.value) changeMinutes(Number(minutes));
    else setAsked(Number(minutes));
  }
  const options = [[NEVER, t("Never")] as const, ...MINUTES.map((each) => [String(each), t("{count} min without a touch", { count: each })] as const)];
  return (
    <>
      <Choice legend={t("Lock with a PIN after")} options={options} chosen={chosen} choose={choose} />
      {asked !== undefined && <NewPin set={(pin) => void setLock(pin, asked).then(() => (setAsked(undefined), setDone(true)))} />}
      <p role="status">{done && lock.value && t("The PIN is set. The phone asks for it after {count} min without a touch.", { count: lock.value.minutes })}</p>
      <p class="hint">{t("A PIN keeps a passer-by out. It does not encrypt this phone: use the phone's own lock too.")}</p>
    </>
  );
}

function NewPin({ set }: { set: (pin: string) => void }) {
  const [pins, setPins] = useState(["", ""] as [string, string]);
  const [said, setSaid] = useState("");
  function keep(): void {
    if (pins[0].length < SHORTEST_PIN) setSaid(t("At least {count} digits.", { count: SHORTEST_PIN }));
    else if (pins[0] !== pins[1]) setSaid(t("The two differ. Type them again."));
    else set(pins[0]);
  }
  return (
    <form
      class="pin"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      {[t("New PIN"), t("The same PIN again")].map((label, place) => (
        <label class="field" key={label}>
          <span>{label}</span>
          <input
            type="password"
            inputmode="numeric"
            autocomplete="new-password"
            required
            value={pins[place]}
            onInput={(event) => setPins(place === 0 ? [event.currentTarget.value, pins[1]] : [pins[0], event.currentTarget.value])}
          />
        </label>
      ))}
      {said && (
        <p class="check" role="alert">
          {said}
        </p>
      )}
      <button class="btn">{t("Set the PIN")}</button>
    </form>
  );
}
