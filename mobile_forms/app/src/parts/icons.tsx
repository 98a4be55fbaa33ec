// Pictures made of lines. Each stands beside a word.
const line = { fill: "none", stroke: "currentColor", "stroke-width": 1.9, "aria-hidden": true } as const;

export const Mark = () => (
  <svg width="24" height="24" viewBox="0 0 22 22" aria-hidden="true">
    <path d="M5 21V9a6 6 0 0 1 12 0v12" fill="none" stroke="var(--ink)" stroke-width="1.8" />
    <path d="M5 12.6V9a6 6 0 0 1 12 0v2.2c-2 1.8-3.4-.7-5.6.5s-4 2.5-6.4.9z" fill="var(--violet)" />
  </svg>
);
export const Back = () => (
  <svg class="flip" width="12" height="20" viewBox="0 0 12 20" {...line} stroke-width="2.4">
    <path d="M10 2 2 10l8 8" />
  </svg>
);
export const House = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" {...line}>
    <path d="M3 9.5 11 3l8 6.5V19H3z" />
  </svg>
);
export const Sheet = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" {...line}>
    <path d="M5 3h9l4 4v12H5zM8 11h7M8 15h7" />
  </svg>
);
export const Sending = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" {...line}>
    <path d="M11 14V4m-4 4 4-4 4 4M4 13v6h14v-6" />
  </svg>
);
export const Warning = () => (
  <svg width="24" height="22" viewBox="0 0 24 22" {...line}>
    <path d="M12 2.5 22 20H2zM12 9v5M12 16v1.6" />
  </svg>
);
export const Door = () => (
  <svg class="flip" width="24" height="22" viewBox="0 0 24 22" {...line}>
    <path d="M3 20V3h10v17M9 11v1.6M17 8l5 6M22 8l-5 6" />
  </svg>
);
export const Bars = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" {...line}>
    <path d="M4 6h14M4 11h14M4 16h14" />
  </svg>
);
export const Bubble = () => (
  <svg class="flip" width="22" height="22" viewBox="0 0 22 22" {...line} stroke="var(--violet)">
    <path d="M2.5 4h17v11.5H9l-4 3.5v-3.5H2.5z" />
  </svg>
);
export const Padlock = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" {...line}>
    <path d="M4.5 10h13v9h-13zM7.5 10V7a3.5 3.5 0 0 1 7 0v3M11 13.5v2" />
  </svg>
);
