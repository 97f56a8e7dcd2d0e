import type { RawOptions } from '../settings.js';

/** Without a verb: the prompt on a terminal, else `now`. */
export async function run(words: readonly string[], options: RawOptions): Promise<number> {
  const asks = process.stdin.isTTY && process.stdout.isTTY && options['json'] !== true;
  const command = asks ? await import('./prompt.js') : await import('./now.js');
  return await command.run(words, options);
}
