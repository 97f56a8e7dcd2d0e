import type { Help } from '../help.js';
import { COLUMNS, type Column } from './column.js';

const WIDTH = 25;

/** A group of columns, their names to the right. */
function section(heading: string, columns: readonly Column[]): Help['sections'][number] {
  return { heading, width: 16, lines: columns.map(({ name, help }) => [name.padStart(14), help] as const) };
}

export const HELP: Help = {
  usage: ['[options]'],
  purpose: 'Show information on IPC facilities.',
  sections: [
    {
      heading: 'Resource options:',
      width: WIDTH,
      lines: [
        ['-m, --shmems', 'shared memory segments'],
        ['-M, --posix-shmems', 'POSIX shared memory segments'],
        ['-q, --queues', 'message queues'],
        ['-Q, --posix-mqueues', 'POSIX message queues'],
        ['-s, --semaphores', 'semaphores'],
        ['-S, --posix-semaphores', 'POSIX semaphores'],
        ['-g, --global', `info about system-wide usage\n${' '.repeat(28)}(may be used with -m, -q and -s)`],
        ['-i, --id <id>', 'System V resource identified by <id>'],
        ['-N, --name <name>', 'POSIX resource identified by <name>'],
      ],
    },
    {
      heading: 'Options:',
      width: WIDTH,
      lines: [
        ['    --noheadings', "don't print headings"],
        ['    --notruncate', "don't truncate output"],
        ['    --time-format=<type>', 'display dates in short, full or iso format'],
        ['-b, --bytes', 'print SIZE in bytes rather'],
        ['-c, --creator', 'show creator and owner'],
        ['-e, --export', 'display in an export-able output format'],
        ['-J, --json', 'use the JSON output format'],
        ['-n, --newline', 'display each piece of information on a new line'],
        ['-l, --list', 'force list output format (for example with --id)'],
        ['-o, --output[=<list>]', 'define the columns to output'],
        ['-P, --numeric-perms', 'print numeric permissions (PERMS column)'],
        ['-r, --raw', 'display in raw mode'],
        ['-t, --time', 'show attach, detach and change times'],
        ['-y, --shell', 'use column names to be usable as shell variables'],
      ],
    },
    {
      width: WIDTH,
      lines: [
        ['-h, --help', 'display this help'],
        ['-V, --version', 'display version'],
      ],
    },
    section('Generic System V columns:', COLUMNS.systemV),
    section('Generic POSIX columns:', COLUMNS.posix),
    section('System V Shared-memory columns (--shmems):', COLUMNS.segments),
    section('System V Message-queue columns (--queues):', COLUMNS.queues),
    section('System V Semaphore columns (--semaphores):', COLUMNS.semaphores),
    section('POSIX Semaphore columns (--posix-semaphores):', COLUMNS.posixSemaphores),
    section('Summary columns (--global):', COLUMNS.summary),
  ],
};
