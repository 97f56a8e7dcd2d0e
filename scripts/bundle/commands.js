// The command lines that are bundled.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const packages = resolve(import.meta.dirname, '..', '..', 'packages');

/** `entry` exports main(arguments). */
export const commands = [
  { name: 'time-server', entry: 'dist/cli/main.js' },
  { name: 'time-client', entry: 'dist/cli/main.js' },
  { name: 'ipctools', entry: 'dist/cli/main.js' },
]
  .map((command) => ({ ...command, home: join(packages, command.name) }))
  .filter(({ home }) => existsSync(home));

/** The folder that holds a package's bundled command, and nothing else. */
export function outputOf(home) {
  return join(home, 'build');
}
