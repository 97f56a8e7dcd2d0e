import type { RawOptions } from '../settings.js';

/** Without a verb: the prompt on a terminal, else `now`. */
export async function run(words: readonly string[], options: RawOptions): Promise<number> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const asks = terminal && options['json'] !== true && options['nats'] !== true;
  const command = asks ? await import('./prompt.js') : await import('./now.js');
  return await command.run(words, options);
}
