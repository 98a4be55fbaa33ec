/** The engine's exact version; a draft remembers the one it was written with. */
export const ENGINE = "0.22.0";
