import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readCatalogue, textsOf } from "./catalogue.ts";

const LOCALE = new URL("../../../schemas/locale/", import.meta.url);
const SOURCES = new URL("./", import.meta.url);

it("reads a gettext catalogue: long texts in pieces, nothing that is fuzzy or empty", () => {
  const text = `msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "Day"\nmsgstr "Jour"\n\nmsgid ""\n"No "\n"draft."\nmsgstr ""\n"Aucun "\n"brouillon."\n\n#, fuzzy\nmsgid "More"\nmsgstr "x"\n\nmsgid "Outbox"\nmsgstr ""\n`;
  expect(readCatalogue(text)).toEqual({ Day: "Jour", "No draft.": "Aucun brouillon." });
});

it("finds what the source says, over several lines too", () => {
  expect([...textsOf('t("Day"); t(\n  "No \\"draft\\".", {}); test("no")')]).toEqual(["Day", 'No "draft".']);
});

function said(): string[] {
  const names = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const sources = names.filter((name) => /(?<!\.test)\.tsx?$/.test(name)).map((name) => readFileSync(new URL(name, SOURCES), "utf8"));
  return [...textsOf(sources.join("\n"))];
}

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

it.each(["fr", "ar", "es", "pt"])("every word of the app is there in %s, with the same values in it", (language) => {
  const words = readCatalogue(readFileSync(new URL(`${language}/LC_MESSAGES/indelible.po`, LOCALE), "utf8"));
  expect(said().filter((text) => !(text in words))).toEqual([]);
  expect(said().filter((text) => String(holes(text)) !== String(holes(words[text]!)))).toEqual([]);
});
