import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { python, pythonMissing, type Contender } from '../contender.js';
import type { Figures } from '../figures.js';
import { outputOf } from '../processes.js';

export const ipctools = fileURLToPath(new URL('../../../packages/ipctools/bin/ipctools.js', import.meta.url));
const program = fileURLToPath(new URL('../../programs/queue_table.py', import.meta.url));

// A user who may not create an IPC namespace may do so as root of a user namespace.
export const unshare =
  spawnSync('unshare', ['--ipc', 'true']).status === 0 ? ['--ipc'] : ['--map-root-user', '--ipc'];

/** Why there is no IPC namespace to be had, in which a command works. */
export function unshareMissing(command = 'true'): string | undefined {
  const works = spawnSync('unshare', [...unshare, command, '--version'], { stdio: 'ignore' }).status === 0;
  return works ? undefined : `${command} or unshare --ipc is missing`;
}

/** A command that reads the whole table of queues. */
function whole(name: string, command: string, ...words: string[]): Contender {
  return {
    name,
    alone: true,
    command: () => [command, ...words],
    missing: () => pythonMissing() ?? unshareMissing(command),
  };
}

export const tool = (...words: string[]): Contender =>
  whole(`ipctools ${words.join(' ')}`, process.execPath, ipctools, ...words);

/** Creates the most queues that a kernel allows, in a new IPC namespace, and runs the contender's command on them. */
export function runOnWholeTable(contender: Contender, short: boolean): Promise<Figures> {
  const queues = short ? 1000 : 32_000;
  return outputOf(['unshare', ...unshare, python, program, queues, ...contender.command('')]);
}

const lists: readonly Case[] = (['milliseconds', 'megabytes'] as const).map((figure) => ({
  name: `queue-table-${figure}`,
  title: `Listing 32,000 queues: ${figure === 'milliseconds' ? 'time' : 'memory'}`,
  figure,
  unit: figure === 'milliseconds' ? 'ms' : 'MB',
  more: false,
  // Of a busy machine it tells more than the time.
  ...(figure === 'milliseconds' && { columns: { cpu: 'ms of CPU' } }),
  contenders: [
    whole('ipcs -q', 'ipcs', '-q'),
    whole('lsipc -q', 'lsipc', '-q'),
    whole('lsipc -q -J', 'lsipc', '-q', '-J'),
    whole('node -e 0', process.execPath, '-e', '0'),
    tool('ipcs', '-q'),
    { ...tool('lsipc', '-q'), baseline: 'lsipc -q' },
    { ...tool('lsipc', '-q', '-J'), baseline: 'lsipc -q -J' },
    tool('list'),
    tool('list', '--json'),
  ],
  run: runOnWholeTable,
}));

export const queueTables: readonly Case[] = [
  ...lists,
  {
    name: 'queue-table-removal',
    title: 'Removing 32,000 queues: time',
    figure: 'milliseconds',
    unit: 'ms',
    more: false,
    contenders: [
      whole('ipcrm --all=msg', 'ipcrm', '--all=msg'),
      whole('node -e 0', process.execPath, '-e', '0'),
      tool('ipcrm', '--all=msg'),
      tool('remove', '--yes', '--no-backup', 'IDS'),
    ],
    run: runOnWholeTable,
  },
];
