// The words of the app, in the languages of the house's one catalogue.
import { signal } from "@preact/signals";
import catalogues from "virtual:catalogues";

export const LANGUAGES: Record<string, string> = {
  en: "English",
  fr: "Français",
  ar: "العربية",
  es: "Español",
  pt: "Português",
};
const KEY = "indelible-language";

export const language = signal(chosen());
let words: Record<string, string> = {};

/** Bring the words of a language; English stands in the code. */
export async function loadWords(code = language.value): Promise<void> {
  words = (await catalogues[code]?.())?.default ?? {};
}

function chosen(): string {
  const wanted = [globalThis.localStorage?.getItem(KEY), ...(globalThis.navigator?.languages ?? [])];
  return wanted.map((each) => each?.slice(0, 2) ?? "").find((each) => each in LANGUAGES) ?? "en";
}

/** A text in the chosen language; `{name}` is replaced by a value. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  const said = spaced(words[text] ?? text);
  return said.replace(/\{(\w+)\}/g, (_, name: string) => apart(String(values[name] ?? "")));
}

/** In French a line does not break before a colon, nor inside quotation marks. */
const spaced = (said: string) => (language.value === "fr" ? said.replace(/ ([:;?!»])/g, "\u00a0$1").replace(/« /g, "«\u00a0") : said);

/** A value keeps its own direction: in Arabic it stands between FIRST STRONG and POP ISOLATE. */
const apart = (value: string) => (language.value === "ar" ? `\u2068${value}\u2069` : value);

/** A day of a date, in the words of the language; digits are Latin everywhere. */
export function day(iso: string): string {
  const locale = { en: "en-GB", ar: "ar-u-nu-latn" }[language.value] ?? language.value;
  return new Date(iso).toLocaleDateString(locale, { day: "numeric", month: "long" });
}

export function choose(code: string): void {
  localStorage.setItem(KEY, code);
  void loadWords(code).then(() => {
    language.value = code;
    applyLanguage();
  });
}

export function applyLanguage(): void {
  document.documentElement.lang = language.value;
  document.documentElement.dir = language.value === "ar" ? "rtl" : "ltr";
}

/** An instant as hours and minutes on this phone's clock. */
export function clock(iso: string, seconds = false): string {
  const at = new Date(iso);
  const parts = [at.getHours(), at.getMinutes(), ...(seconds ? [at.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

export function inLanguage(texts: Record<string, string>): string {
  return texts[language.value] ?? texts.en ?? Object.values(texts)[0] ?? "";
}

/** A station as it is named in a heading. */
export function whereOf(station: { code: string; name: string }): string {
  const { code, name } = station;
  return name ? t("Station {code}, {name}", { code, name }) : t("Station {code}", { code });
}
