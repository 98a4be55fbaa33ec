// Lists that a form chooses from and that are not written in it: stations, contestants.
import type { LoadFormOptions } from "@getodk/xforms-engine";

/** The lists on this phone, as CSV by file name. */
export type Lists = Record<string, string>;

const ASKED = /jr:\/\/file-csv\/([\w.-]+)/g;

/** The file names of the lists that a form asks for. */
export const asked = (xform: string): string[] => [...new Set([...xform.matchAll(ASKED)].map((match) => match[1]!))];

/** Lets the engine read what is on the phone. A list that is not there has no options. */
export const offering = (lists: Lists): LoadFormOptions => ({
  missingResourceBehavior: "BLANK" as LoadFormOptions["missingResourceBehavior"],
  fetchFormAttachment: (url) => {
    const found = lists[url.href.split("/").pop() ?? ""];
    const headers = { "Content-Type": "text/csv" };
    return Promise.resolve(new Response(found ?? "", { status: found === undefined ? 404 : 200, headers }));
  },
});
