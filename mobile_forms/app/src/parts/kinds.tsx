// The kinds of incidents: a picture and plain words for each code of the library's checklist.
import type { ComponentChildren } from "preact";
import { t } from "../words.ts";

const Line = ({ children }: { children: ComponentChildren }) => (
  <svg width="40" height="40" viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">
    {children}
  </svg>
);

interface Kind {
  words: () => string;
  picture: () => ComponentChildren;
}

/** In the order in which they are shown. */
export const KINDS: Readonly<Record<string, Kind>> = {
  control: {
    words: () => t("Pressure on voters"),
    picture: () => (
      <Line>
        <circle cx="8" cy="14" r="3.6" />
        <path d="M3.5 29.3v-6a4.5 4.5 0 0 1 9 0v6" />
        <circle cx="31" cy="9" r="5.2" />
        <path d="M24.5 31.1v-6a6.5 6.5 0 0 1 13 0v6M23 20h-8m3-3-3 3 3 3M3 35h34" />
      </Line>
    ),
  },
  conflict: {
    words: () => t("Violence or threats"),
    picture: () => (
      <Line>
        <path d="M20 4l3.5 9 9-4-4 9 8 3-9 3 5 9-9-4-3.5 8-3.5-8-9 4 5-9-9-3 8-3-4-9 9 4z" />
      </Line>
    ),
  },
  fraud: {
    words: () => t("Ballots or results altered"),
    picture: () => (
      <Line>
        <path d="M10 5h16l6 6v24H10zM15 16h8M15 22h12M15 28h7" />
        <path d="M24 33 36 19l-3-3-12 14-1 5z" fill="var(--sheet)" />
      </Line>
    ),
  },
  secrecy: {
    words: () => t("Vote not secret"),
    picture: () => (
      <Line>
        <path d="M8 35V9h24v26M8 9h24M12 22c4-6 12-6 16 0-4 6-12 6-16 0z" />
        <circle cx="20" cy="22" r="2.5" />
      </Line>
    ),
  },
  presence: {
    words: () => t("Someone kept out"),
    picture: () => (
      <Line>
        <path d="M20 36V5h14v31M6 36h30M4.5 29.3v-6a4.5 4.5 0 0 1 9 0v6M24 15l6 8M30 15l-6 8" />
        <circle cx="9" cy="14" r="3.6" />
      </Line>
    ),
  },
  campaigning: {
    words: () => t("Campaigning here"),
    picture: () => (
      <Line>
        <path d="M6 16v8l5 1 15 7V8L11 15zM12 25l2 9h5l-2-7M31 15c3 2 3 8 0 10" />
      </Line>
    ),
  },
  procedural: {
    words: () => t("Rules not followed"),
    picture: () => (
      <Line>
        <path d="M10 6h20v29H10zM15 3h10v6H15zM14 16l2 2 4-4M14 26l5 5M19 26l-5 5M24 17h3M24 28h3" />
      </Line>
    ),
  },
  hate_speech: {
    words: () => t("Hate speech"),
    picture: () => (
      <Line>
        <path d="M5 6h30v20H20l-8 8v-8H5zM20 11v7M20 22v.5" />
      </Line>
    ),
  },
};
