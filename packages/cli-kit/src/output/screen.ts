import { type Paint, colored, plain, wantsColor } from './color.js';
import { isatty } from 'node:tty';

/** The abilities of standard output. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Columns of the terminal; Infinity off a terminal, where nothing is cut. */
  readonly width: number;
  readonly paint: Paint;
}

/** A terminal that doesn't report its width counts as 80 columns. */
const USUAL_WIDTH = 80;

export function screenOf(
  stream: NodeJS.WriteStream & { readonly fd: number } = process.stdout,
  environment: NodeJS.ProcessEnv = process.env,
): Screen {
  const isTerminal = isatty(stream.fd);
  return {
    isTerminal,
    width: isTerminal ? stream.columns || USUAL_WIDTH : Infinity,
    paint: wantsColor(environment, isTerminal) ? colored : plain,
  };
}
