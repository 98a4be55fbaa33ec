// Where a finished report stands, in few words.
import { sending } from "../sync/keeper.ts";
import type { Sent } from "../store/sent.ts";
import { clock, t } from "../words.ts";
import type { KeepState } from "./frame.tsx";

export function sentState(sent: Sent): KeepState {
  if (!sent.waiting) return "full";
  return sending.value && sent.waiting.refused === null ? "half" : "";
}

/** Whether it has arrived: the only word for that is "Received". */
export function sentWords(sent: Sent): string {
  if (sent.waiting && sent.waiting.refused !== null) return t("Not taken. See the outbox");
  if (sent.waiting) return t("Only on this phone");
  return t("Received {time}", { time: clock(sent.kept!.receipt.received_at) });
}

/** The status of a report at the desk, where it says something to the observer. */
export function statusWords(sent: Sent): string {
  const status = sent.outcome?.status;
  if (status === "quarantined") return t("The desk excluded it: it stays on record, in no figure.");
  if (status === "verified") return t("The desk has verified it.");
  if (status === "held") return t("The desk is looking where it belongs.");
  return "";
}

/** Whether the desk has to decide before a correction counts. */
export const isDecided = (sent: Sent) =>
  sent.outcome !== null &&
  (["verified", "quarantined"].includes(sent.outcome.status) || sent.outcome.acts.some((each) => each.act === "corrected"));
