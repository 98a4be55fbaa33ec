// Pictures and lists of a form's own, kept on the phone beside it.

/** What is on this phone of one form's files, by name. */
export type Files = Record<string, Blob>;

/** Where the files of a checklist stand in the phone's own store. */
export const filesKey = (of: { name: string; version: string }) => `files ${of.name} ${of.version}`;

const ASKED = /jr:\/\/(?:images|file-csv)\/([\w.-]+)/g;

/** The names of all files that a form asks for, the mission's lists among them. */
export const filesAsked = (xform: string): string[] => [...new Set([...xform.matchAll(ASKED)].map((match) => match[1]!))];

/** The name of a file that a form asks for, as in jr://images/seal.png. */
export const fileName = (href: string) => href.split("/").pop() ?? "";
