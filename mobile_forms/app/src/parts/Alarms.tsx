// Two buttons that are always within reach, where the mission has the checklists for them.
import { go } from "../route.ts";
import { readUrgent } from "../store/day.ts";
import { t } from "../words.ts";
import { Door, Warning } from "./icons.tsx";
import { useStored } from "./stored.ts";

export function Alarms() {
  const urgent = useStored(readUrgent) ?? [];
  if (urgent.length === 0) return null;
  return (
    <div class="alarms">
      {urgent.map((checklist) => (
        <button key={checklist} class="btn" onClick={() => go({ name: "urgent", checklist })}>
          {checklist === "incident" ? <Warning /> : <Door />}
          {checklist === "incident" ? t("Incident") : t("Access denied")}
        </button>
      ))}
    </div>
  );
}
