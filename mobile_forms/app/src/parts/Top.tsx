// The head of a screen that is opened from the day: what it is about, and the way back.
import type { ComponentChildren } from "preact";
import { go } from "../route.ts";
import { readUrgent } from "../store/day.ts";
import { t } from "../words.ts";
import { Network } from "./frame.tsx";
import { Back, Warning } from "./icons.tsx";
import { LockButton } from "./LockButton.tsx";
import { useStored } from "./stored.ts";

interface Shown {
  title: string;
  under: ComponentChildren;
  back: () => void;
  /** Whether an incident can be reported from here. */
  alarm?: boolean;
}

export function Top({ title, under, back, alarm = true }: Shown) {
  const urgent = useStored(readUrgent)?.includes("incident") && alarm;
  return (
    <header>
      <button class="ic" aria-label={t("Back to the day")} onClick={back}>
        <Back />
      </button>
      <div>
        <h1 class="who">{title}</h1>
        <div class="under">{under}</div>
      </div>
      <Network />
      <LockButton />
      {urgent && (
        <button class="ic alarm" aria-label={t("Incident")} onClick={() => go({ name: "urgent", checklist: "incident" })}>
          <Warning />
        </button>
      )}
    </header>
  );
}
