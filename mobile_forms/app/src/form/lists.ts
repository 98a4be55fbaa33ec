// Lists that a form chooses from and that are not written in it: stations, contestants, its own.
import type { LoadFormOptions } from "@getodk/xforms-engine";
import { fileName, type Files } from "./files.ts";

/** The lists on this phone, as CSV by file name. */
export type Lists = Record<string, string>;

const ASKED = /jr:\/\/file-csv\/([\w.-]+)/g;

/** The file names of the lists that a form asks for. */
export const asked = (xform: string): string[] => [...new Set([...xform.matchAll(ASKED)].map((match) => match[1]!))];

/** Lets the engine read what is on the phone. A list that is not there has no options. */
export const offering = (lists: Lists, files: Files): LoadFormOptions => ({
  missingResourceBehavior: "BLANK" as LoadFormOptions["missingResourceBehavior"],
  fetchFormAttachment: (url) => {
    const name = fileName(url.href);
    const found = files[name] ?? lists[name];
    const headers = { "Content-Type": "text/csv" };
    return Promise.resolve(new Response(found ?? "", { status: found === undefined ? 404 : 200, headers }));
  },
});
