import { expect, it } from "vitest";
import { readCatalogue } from "./catalogue.ts";

it("reads a gettext catalogue: long texts in pieces, nothing that is fuzzy or empty", () => {
  const text = `msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "Day"\nmsgstr "Jour"\n\nmsgid ""\n"No "\n"draft."\nmsgstr ""\n"Aucun "\n"brouillon."\n\n#, fuzzy\nmsgid "More"\nmsgstr "x"\n\nmsgid "Outbox"\nmsgstr ""\n`;
  expect(readCatalogue(text)).toEqual({ Day: "Jour", "No draft.": "Aucun brouillon." });
});
