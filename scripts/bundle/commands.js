// The command lines that are bundled.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const packages = resolve(import.meta.dirname, '..', '..', 'packages');

/** `entry` exports main(arguments); `external` are dependencies that are left where npm puts them. */
export const commands = [
  { name: 'time-server', entry: 'dist/command/main.js', external: [] },
  // strftime is asked for by two formats only, and its package has no licence text to go with it.
  { name: 'time-client', entry: 'dist/main.js', external: ['strftime'] },
  { name: 'ipctools', entry: 'dist/cli.js', external: [] },
]
  .map((command) => ({ ...command, home: join(packages, command.name) }))
  .filter(({ home }) => existsSync(home));

/** The folder that holds a package's bundled command, and nothing else. */
export function outputOf(home) {
  return join(home, 'build');
}
