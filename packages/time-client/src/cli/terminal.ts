import { showsUnicode } from '@timeq/cli-kit/output/character-set';
import { wantsColor } from '@timeq/cli-kit/output/color';
/** What the terminal, or whatever standard output is, can show. */
export interface Terminal {
  /** How many columns a line may have: 80 at most. */
  readonly columns: number;
  /** Whether it shows more than ASCII. */
  readonly unicode: boolean;
  /** Colours a text where colours are wanted. */
  accent(text: string): string;
}

const WIDEST = 80;
const NARROWEST = 20;

/** What this process's standard output can show. */
export function currentTerminal(): Terminal {
  const { stdout, env } = process;
  const columns = stdout.isTTY ? stdout.columns : Number(env['COLUMNS'] ?? WIDEST);
  const coloured = wantsColor(env, stdout.isTTY);
  return {
    columns: Math.min(WIDEST, Math.max(NARROWEST, columns || WIDEST)),
    unicode: showsUnicode(env),
    accent: (text) => (coloured && text !== '' ? `\u001b[36m${text}\u001b[39m` : text),
  };
}
