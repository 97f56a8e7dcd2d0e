import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import type { Contender } from '../contender.js';

const ipctools = fileURLToPath(new URL('../../../packages/ipctools/bin/ipctools.js', import.meta.url));
const program = fileURLToPath(new URL('../../programs/queue_table.py', import.meta.url));

const unshare = ['--ipc', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];

/** A command that prints the whole table of queues. */
function lists(name: string, command: string, ...words: string[]): Contender {
  return {
    name,
    alone: true,
    command: () => [command, ...words],
    missing: () => {
      const works =
        spawnSync('unshare', [...unshare, command, '--version'], { stdio: 'ignore' }).status === 0;
      return works ? undefined : `${command} or unshare --ipc is missing`;
    },
  };
}

const tool = (...words: string[]): Contender =>
  lists(`ipctools ${words.join(' ')}`, process.execPath, ipctools, ...words);

/** Printing a table of as many queues as a machine may have, in an IPC namespace of its own. */
export const queueTables: readonly Case[] = (['milliseconds', 'megabytes'] as const).map((figure) => ({
  name: `queue-table-${figure}`,
  title: `A list of 32,000 queues: ${figure === 'milliseconds' ? 'time' : 'memory'}`,
  figure,
  unit: figure === 'milliseconds' ? 'ms' : 'MB',
  more: false,
  contenders: [
    lists('ipcs -q', 'ipcs', '-q'),
    lists('lsipc -q', 'lsipc', '-q'),
    lists('node -e 0', process.execPath, '-e', '0'),
    tool('ipcs', '-q'),
    tool('list'),
    tool('list', '--json'),
  ],
  run: (contender, short) => {
    const command = [...unshare, 'python3', program, short ? '1000' : '32000', ...contender.command('')];
    const { stdout, stderr, status } = spawnSync('unshare', command, { encoding: 'utf8' });
    if (status !== 0) return Promise.reject(new Error(`${contender.name}: ${stderr}`));
    return Promise.resolve(JSON.parse(stdout) as Record<string, number>);
  },
}));
