// Reading gettext catalogues, at build.

/** The entries of a gettext catalogue that have a translation. */
export function readCatalogue(text: string): Record<string, string> {
  const words: Record<string, string> = {};
  for (const block of text.split(/\n\s*\n/)) {
    const read = (name: string) => {
      const match = block.match(new RegExp(`^${name} ((?:".*"\\n?)+)`, "m"));
      return match ? match[1]!.trim().split("\n").map((line) => JSON.parse(line) as string).join("") : "";
    };
    const [source, translation] = [read("msgid"), read("msgstr")];
    if (source && translation && !/^#,.*fuzzy/m.test(block)) words[source] = translation;
  }
  return words;
}

/** Every text that source code gives to `t`. */
export function textsOf(source: string): Set<string> {
  const said = source.matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g);
  return new Set([...said].map(([, text]) => JSON.parse(text!) as string));
}
