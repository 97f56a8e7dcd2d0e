/** The named formats with an example each; `+PATTERN` is the other kind. */
export const FORMATS = {
  asctime: 'Fri Nov 20 09:09:00 2026',
  iso: '2026-11-20T09:09:00.123456789Z',
  unix: '1795165740',
  'unix-ns': '1795165740123456789',
} as const;

/** How to write a moment: by name, or by a strftime pattern after a plus sign. */
export type Format = keyof typeof FORMATS | `+${string}`;
