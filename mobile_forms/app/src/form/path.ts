/** Only what this server itself serves is opened: a path, never another address. */
export const isOwnPath = (path: string) => /^\/(?!\/)[^\\]*$/.test(path);
