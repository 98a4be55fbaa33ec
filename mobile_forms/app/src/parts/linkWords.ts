// Why nothing is sent just now, and when it is tried next.
import { link, nextTry, sending } from "../sync/keeper.ts";
import { clock, t } from "../words.ts";

/** Empty where nothing stands in the way. */
export function linkWords(): string {
  if (sending.value) return t("Sending");
  if (link.value === "signed out") return t("This phone is no longer signed in. Ask for a new code.");
  return [reason(), nextWords()].filter(Boolean).join(" ");
}

function reason(): string {
  if (link.value === "offline") return t("No network.");
  if (link.value === "busy") return t("Server busy.");
  return link.value === "portal" ? t("This network wants a sign-in: open any page in the browser.") : "";
}

const nextWords = () => (nextTry.value && link.value !== "online" ? t("Next try {time}.", { time: clock(nextTry.value) }) : "");
