import { showsUnicode } from '@timeq/cli-kit/text/character-set';
import { screenOf } from '@timeq/cli-kit/output/screen';

/** The abilities of standard output. */
export interface Terminal {
  /** Columns of a line: 80 at most. */
  readonly columns: number;
  /** Whether it shows more than ASCII. */
  readonly unicode: boolean;
  /** Colours a text if colours are wanted. */
  accent(text: string): string;
}

const WIDEST = 80;
const NARROWEST = 20;

/** Standard output of this process. */
export function currentTerminal(): Terminal {
  const { width, isTerminal, paint } = screenOf();
  const columns = isTerminal ? width : Number(process.env['COLUMNS'] ?? WIDEST);
  return {
    columns: Math.min(WIDEST, Math.max(NARROWEST, columns || WIDEST)),
    unicode: showsUnicode(),
    accent: (text) => (text === '' ? text : paint('cyan', text)),
  };
}
