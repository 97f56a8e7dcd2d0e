import { isDumb } from '../text/dumb.js';

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  inverse: [7, 27],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** Styles a text, or returns it unchanged if colour is not wanted. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

export const colored: Paint = (style, text) => {
  const [on, off] = CODES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/**
 * FORCE_COLOR decides first (0 and false mean no), then NO_COLOR (https://no-color.org), then whether standard output
 * is a terminal with colours.
 */
export function wantsColor(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = environment;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return !no && isTerminal && !isDumb(environment);
}
