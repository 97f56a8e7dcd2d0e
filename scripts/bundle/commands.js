// The commands to bundle.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const packages = resolve(import.meta.dirname, '..', '..', 'packages');

/** `entry` exports main(arguments); `manual` says which manual pages there are, and what they refer to. */
export const commands = [
  { name: 'time-server', manual: { pagePerVerb: false, seeAlso: ['time-client(1)', 'timeq(7)'] } },
  { name: 'time-client', manual: { pagePerVerb: false, seeAlso: ['time-server(1)', 'timeq(7)'] } },
  {
    name: 'ipctools',
    manual: { pagePerVerb: true, seeAlso: ['ipcs(1)', 'ipcrm(1)', 'sysvipc(7)', 'timeq(7)'] },
  },
  {
    name: 'timeq-bridge',
    folder: 'bridge',
    manual: { pagePerVerb: false, seeAlso: ['ipctools(1)', 'sysvipc(7)', 'timeq(7)'] },
  },
]
  .map((command) => ({
    ...command,
    home: join(packages, command.folder ?? command.name),
    entry: 'dist/cli/main.js',
  }))
  .filter(({ home }) => existsSync(home));

/** The folder that holds a package's bundled command, and nothing else. */
export function outputOf(home) {
  return join(home, 'build');
}
