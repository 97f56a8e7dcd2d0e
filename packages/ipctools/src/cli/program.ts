import { completionVerb } from '@timeq/cli-kit/verbs/completion/verb';
import { jsonOptions } from '@timeq/cli-kit/verbs/json-options';
import type { ArgumentRow, Completion, OptionRow, Program, Verb } from '@timeq/cli-kit/verbs/verb';
import { UTIL_LINUX } from '../compat/util-linux/programs.js';
import { DELIVERY_OPTIONS } from '@timeq/cli-kit/metrics/options';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { explain, REFUSED } from './explain.js';
import type { KindName } from '../model/kind-names.js';
import type { PosixKind } from '../model/posix/objects.js';
import { BODY_FORMATS } from '../render/body-formats.js';
import { version } from '../version.js';

function live(kind: KindName, by: 'key' | 'id' | 'both'): Completion {
  return async () => (await import('./complete/live-objects.js')).liveWords(kind, by);
}

function posixNames(kind: PosixKind): Completion {
  return async () => (await import('./complete/live-objects.js')).posixWords(kind);
}

function names(of: 'user' | 'group'): Completion {
  return async () => {
    const { localNames } = await import('../model/owners.js');
    return localNames(of).map((word) => ({ word, help: of }));
  };
}

const COLUMN_LIST: Completion = async (current, [kind]) =>
  (await import('./complete/column-words.js')).columnWords(kind, current);
const CONDITION: Completion = async (_current, [kind]) =>
  (await import('./complete/column-words.js')).columnWords(kind, '');
const WATCHED: Completion = async (current) =>
  (await import('./complete/column-words.js')).watchColumnWords(current);
const WATCH_CONDITION: Completion = async () =>
  (await import('./complete/column-words.js')).watchColumnWords('');

const JSON_OPTIONS = jsonOptions('print JSON');
const YES: OptionRow = { flags: '-y, --yes', help: 'do not ask' };
const QUEUE: ArgumentRow = {
  syntax: '[queue]',
  help: 'a key as 0x80 (always hexadecimal) or an id as 5 (always decimal)',
  completes: live('queues', 'both'),
};
const QUEUE_OPTIONS: readonly OptionRow[] = [
  {
    flags: '-Q, --queue-key <key>',
    help: 'name the queue by its key: 0x80 or 128',
    completes: live('queues', 'key'),
  },
  { flags: '-q, --queue-id <id>', help: 'name the queue by its id', completes: live('queues', 'id') },
];
const FORMAT: OptionRow = {
  flags: '--format <format>',
  help: `how to print bodies: ${BODY_FORMATS.join(', ')} or struct:LAYOUT, with the letters of Python's struct`,
  completes: [...BODY_FORMATS, 'struct:'],
  otherwise: 'text',
};
const MODE: OptionRow = {
  flags: '--mode <mode>',
  help: 'permission bits, octal',
  completes: ['0600', '0660', '0666'],
};
const OLDER_THAN: OptionRow = {
  flags: '--older-than <duration>',
  help: 'treat objects used within this time as in use: 30m, 2d (default: 1h)',
};
const ASSUME_UNSEEN_IDLE: OptionRow = {
  flags: '--assume-unseen-idle',
  help: 'assume that processes you cannot see use nothing: other pid namespaces, other users, ended threads',
};
const POSIX_OPTIONS: readonly OptionRow[] = [
  { flags: '--posix-mqueue <name>', help: 'a POSIX queue by its name', completes: posixNames('posix queue') },
  { flags: '--posix-shmem <name>', help: 'POSIX shared memory', completes: posixNames('posix memory') },
  { flags: '--posix-semaphore <name>', help: 'a POSIX semaphore', completes: posixNames('posix semaphore') },
];
const BACKUP_FILE: OptionRow = {
  flags: '--backup <file>',
  help: 'file for the backup (default: see `ipctools backups`)',
  completes: 'file',
};
const BACKUP: readonly OptionRow[] = [
  BACKUP_FILE,
  { flags: '--no-backup', help: 'make no backup: the messages are lost' },
];
const NAMESPACE: OptionRow = {
  flags: '--namespace <pid>',
  help: "look into the IPC namespace of this process, such as a container's, or into all; needs CAP_SYS_ADMIN",
};
const WATCH_DETAILS = `IN/S and OUT/S are estimates, since the kernel counts no messages. Their
difference is the change in depth. Both are exact if the kernel's times show no
send (or no receive) since the last sample; otherwise they are the lowest rates
that explain the change, marked with a +.
Columns and conditions are those of \`ipctools list\`, and in, out, busy (both)
and history. The screen remembers --columns for the next time; \`usual\` returns
to the default ones.`;
const SERVE_DETAILS = `The page shows what you may read, and changes nothing unless you allow it. Only
programs on this machine can reach it, with the token in its address: treat the
address as a password. One sampler serves all pages, and runs while one is
visible.`;
const CHECK_DETAILS = `Conditions are those of list --filter, and verdict=stale. One that holds is
enough. A value that can't be known makes the check unknown, never ok.`;
/** Those of monitoring plugins. */
const CHECK_EXIT_MEANINGS: Program['exitCodes'] = [
  [0, 'ok'],
  [1, 'warning'],
  [2, 'critical; also if the object does not exist'],
  [3, 'unknown; also for wrong usage'],
];
const METRICS_DETAILS = `The output is OpenMetrics. --textfile writes the older text format, which
node_exporter reads, and --listen serves what the scraper asks for.
A value that is unknown is left out: run it as root to see blocked threads.
Each time server that holds a liveness semaphore is asked for its status.`;
const SELECT_TYPE = '0 any, T only type T, -T the lowest type up to T';

const OVERVIEW: Verb = {
  name: 'overview',
  summary: 'show usage against kernel limits, and problems (the default)',
  options: JSON_OPTIONS,
  examples: [
    ['ipctools', 'for a person'],
    ['ipctools overview --json | jq .overview.warnings', 'for a script'],
  ],
  load: () => import('./commands/overview.js'),
};

/** All verbs, in the order of --help. */
const VERBS: readonly Verb[] = [
  OVERVIEW,
  {
    name: 'list',
    alias: 'ls',
    summary: 'list queues, segments, semaphore sets or POSIX objects',
    arguments: [
      {
        syntax: '[kind]',
        help: 'queues (the default), segments, semaphores, all of these, or posix',
        completes: ['queues', 'segments', 'semaphores', 'all', 'posix'],
      },
    ],
    options: [
      {
        flags: '--columns <list>',
        help: 'columns to show, in order; +NAME adds one, all shows all',
        completes: COLUMN_LIST,
      },
      { flags: '--sort <list>', help: 'sort by columns; -NAME descending', completes: COLUMN_LIST },
      {
        flags: '--filter <condition>',
        help: "filter rows, such as 'messages>0'; repeat to combine",
        completes: CONDITION,
        repeats: true,
      },
      { flags: '--owner <user>', help: 'only objects that this user owns', completes: names('user') },
      { flags: '--no-header', help: 'omit the line of labels' },
      { flags: '--raw', help: 'print exact values, separated by tabs, for scripts' },
      { flags: '-w, --watch', help: 'list repeatedly; a terminal shows it on the whole screen' },
      { flags: '--interval <duration>', help: 'with --watch: time between two lists (default: 1s)' },
      NAMESPACE,
      ...JSON_OPTIONS,
    ],
    details: async () => (await import('../render/columns/help.js')).columnHelp(),
    examples: [
      ['ipctools list all', 'queues, segments and semaphore sets'],
      [
        "ipctools list --filter 'messages>0' --sort -bytes",
        'the queues that hold something, the largest first',
      ],
      ['ipctools list posix --watch', 'POSIX queues, shared memory and semaphores, until q or Ctrl-C'],
      ['ipctools list --columns +limit,sent --json', 'for a script'],
    ],
    load: () => import('./commands/list.js'),
  },
  {
    name: 'show',
    typedAs: ['inspect', 'describe'],
    summary: 'show everything about one queue, segment, semaphore set or POSIX object',
    arguments: [
      { ...QUEUE, syntax: '[object]', help: 'key as 0x80, id as 5, or name of a POSIX object as /name' },
    ],
    options: [
      ...QUEUE_OPTIONS,
      { flags: '-m, --shmem-id <id>', help: 'a segment by its id', completes: live('segments', 'id') },
      { flags: '-M, --shmem-key <key>', help: 'a segment by its key', completes: live('segments', 'key') },
      { flags: '-s, --semaphore-id <id>', help: 'a set by its id', completes: live('semaphores', 'id') },
      { flags: '-S, --semaphore-key <key>', help: 'a set by its key', completes: live('semaphores', 'key') },
      ...POSIX_OPTIONS,
      {
        flags: '--kind <kind>',
        help: 'what the key or id names: queues, segments or semaphores',
        completes: ['queues', 'segments', 'semaphores'],
        otherwise: 'queues',
      },
      FORMAT,
      NAMESPACE,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools show 0x80', 'the queue at key 0x80'],
      ['ipctools show -m 5', 'the segment with id 5, and the processes that have it attached'],
      ['ipctools show 0x80 --kind semaphores', 'the semaphore set at key 0x80: values and waits'],
      ['ipctools show /jobs', 'the POSIX queue, shared memory or semaphore of that name'],
    ],
    load: () => import('./commands/show.js'),
  },
  {
    name: 'peek',
    summary: 'look at messages without taking them',
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      { flags: '--type <type>', help: `only those: ${SELECT_TYPE.replace('the lowest type', 'types')}` },
      { flags: '--limit <n>', help: 'at most this many' },
      FORMAT,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools peek 0x80 --limit 3', 'its first three messages'],
      ['ipctools peek 5 --type 1 --format hex', 'their bytes'],
      ['ipctools peek 5 --format struct:iq16s', 'a C struct of int, long long and char[16]'],
    ],
    load: () => import('./commands/peek.js'),
  },
  {
    name: 'send',
    summary: 'send messages, one for each body',
    arguments: [QUEUE, { syntax: '[body...]', help: "bodies; - is standard input, '' is an empty body" }],
    options: [
      ...QUEUE_OPTIONS,
      { flags: '--type <type>', help: 'message type, 1 to 2^63-1 (default: 1)' },
      { flags: '--file <file>', help: 'send the contents of this file as the body', completes: 'file' },
      { flags: '--lines', help: 'send each line of the file or of standard input as a message' },
      { flags: '--hex', help: 'read bodies as hexadecimal digits' },
      { flags: '--json', help: 'read messages from lines that receive --format json wrote' },
      { flags: '--no-wait', help: 'fail (exit code 4) instead of waiting while the queue is full' },
      { flags: '--timeout <duration>', help: 'wait at most this long in all: 500ms, 5s, 1m, 1h' },
      {
        flags: '--count <n>',
        help: 'send the bodies this many times; {n} in them is the number, {time} the time in UTC',
      },
      { flags: '--interval <duration>', help: 'with --count: the time between two messages' },
      { flags: '--create', help: 'create the queue if there is none at the key' },
      { ...MODE, help: 'with --create: permission bits, octal (default: 0600)' },
    ],
    examples: [
      ["ipctools send 0x80 --type 2 ''", 'an empty message of type 2'],
      ['ipctools send 0x80 --create hello', 'create the queue first if there is none'],
      ['seq 3 | ipctools send 0x80 --lines', 'a message for each line'],
      [
        "ipctools send 0x80 --count 10 --interval 1s 'job {n} at {time}'",
        'ten numbered messages, one a second',
      ],
    ],
    load: () => import('./commands/send.js'),
  },
  {
    name: 'receive',
    summary: 'take messages from a queue',
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      { flags: '--type <type>', help: `which message: ${SELECT_TYPE}` },
      { flags: '--except <type>', help: 'any type but this one' },
      { flags: '--count <n>', help: 'take this many (default: 1)' },
      { flags: '--all', help: 'take every message that is there now; do not wait' },
      { flags: '--follow', help: 'continue until Ctrl-C' },
      { flags: '--no-wait', help: 'fail (exit code 4) instead of waiting' },
      { flags: '--timeout <duration>', help: 'wait at most this long in all: 500ms, 5s, 1m, 1h' },
      { flags: '--exec <command>', help: 'run this in a shell for each message, with the body on its input' },
      { flags: '--jobs <n>', help: 'with --exec: how many may run at a time (default: 1)' },
      {
        flags: '--failed <queue>',
        help: 'with --exec: where messages go whose command fails (default: back to the end)',
        completes: live('queues', 'both'),
      },
      FORMAT,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools receive 0x80 --timeout 5s', 'print the next message; exit code 4 if none comes'],
      ['ipctools receive 0x80 --all --format json >messages.ndjson', 'take all, with types and exact bodies'],
      ['ipctools receive 0x80 --follow', 'print each message as it comes, until Ctrl-C'],
      [
        "ipctools receive 0x80 --follow --exec 'gzip >$$.gz' --jobs 4",
        'a worker for each message, four at a time',
      ],
    ],
    load: () => import('./commands/receive.js'),
  },
  {
    name: 'create',
    summary: 'create a queue and print its key (or its id, if it is private)',
    options: [
      { flags: '--key <key>', help: 'use this key: 0x80 or 128 (default: a free one, drawn at random)' },
      { flags: '--path <file>', help: "use ftok's key of this file", completes: 'file' },
      { flags: '--project-id <id>', help: 'with --path: 1 to 255 or one character (default: 1)' },
      { flags: '--private', help: 'create it without a key; only its id names it' },
      { ...MODE, help: 'permission bits, octal (default: 0600)' },
      { flags: '--max-bytes <n>', help: 'limit in bytes: 4096, 16K' },
      ...JSON_OPTIONS,
    ],
    examples: [
      ['key=$(ipctools create)', 'a queue of your own, at a free key'],
      ['ipctools create --key 0x80 --mode 0660 --max-bytes 64K', 'for a group'],
    ],
    load: () => import('./commands/create.js'),
  },
  {
    name: 'set',
    summary: "change a queue's mode, owner or limit",
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      MODE,
      { flags: '--owner <user>', help: 'change its owner: a name or a number', completes: names('user') },
      { flags: '--group <group>', help: 'change its group: a name or a number', completes: names('group') },
      { flags: '--max-bytes <n>', help: 'limit in bytes; only root may exceed msgmnb' },
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools set 0x80 --mode 0660 --group users', 'for a group, too'],
      ['ipctools set 0x80 --max-bytes 64K', 'make room for more messages'],
    ],
    load: () => import('./commands/set.js'),
  },
  {
    name: 'drop-ins',
    summary: 'install ipcs, ipcrm, ipcmk and lsipc for scripts, or say which ones a shell finds',
    options: [
      {
        flags: '--install <folder>',
        help: 'install the four in this folder; another program is never overwritten',
        completes: 'file',
      },
      { flags: '--remove <folder>', help: 'remove them from this folder', completes: 'file' },
    ],
    examples: [
      ['ipctools drop-ins', 'the path that a shell finds for each, and whose it is'],
      ['ipctools drop-ins --install /usr/local/bin', 'before /usr/bin in the PATH of most machines'],
    ],
    load: () => import('./commands/drop-ins.js'),
  },
  {
    name: 'ftok',
    summary: "print a file's ftok key, or with --find the file that a key came from",
    arguments: [
      {
        syntax: '<path...>',
        help: 'a file and a project id (default: 1); with --find: where to look',
        completes: 'file',
      },
    ],
    options: [
      {
        flags: '--find <key>',
        help: 'find the files, below directories too, that give this key',
        completes: live('queues', 'key'),
      },
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools ftok /srv/clock 1', 'the key of that file and project id'],
      ['ipctools ftok --find 0x01020304 /srv', 'the files that may give this key'],
    ],
    load: () => import('./commands/ftok.js'),
  },
  {
    name: 'limits',
    summary: 'show kernel limits, usage, and how to raise them',
    options: JSON_OPTIONS,
    examples: [
      ['ipctools limits', 'with the command that raises each'],
      ['ipctools limits --json | jq .limits', 'for a script'],
    ],
    load: () => import('./commands/limits.js'),
  },
  {
    name: 'remove',
    alias: 'rm',
    typedAs: ['delete', 'del', 'destroy'],
    summary: 'remove queues, segments, semaphore sets or POSIX objects',
    arguments: [
      {
        syntax: '[object...]',
        help: 'queues by key as 0x80 or id as 5, POSIX objects as /name',
        completes: live('queues', 'both'),
      },
    ],
    options: [
      {
        flags: '-q, --queue-id <id>',
        help: 'a queue by its id',
        completes: live('queues', 'id'),
        repeats: true,
      },
      {
        flags: '-Q, --queue-key <key>',
        help: 'a queue by its key',
        completes: live('queues', 'key'),
        repeats: true,
      },
      {
        flags: '-m, --shmem-id <id>',
        help: 'a segment by its id',
        completes: live('segments', 'id'),
        repeats: true,
      },
      {
        flags: '-M, --shmem-key <key>',
        help: 'a segment by its key',
        completes: live('segments', 'key'),
        repeats: true,
      },
      {
        flags: '-s, --semaphore-id <id>',
        help: 'a set by its id',
        completes: live('semaphores', 'id'),
        repeats: true,
      },
      {
        flags: '-S, --semaphore-key <key>',
        help: 'a set by its key',
        completes: live('semaphores', 'key'),
        repeats: true,
      },
      ...POSIX_OPTIONS.map((row): OptionRow => ({ ...row, repeats: true })),
      { flags: '--drain', help: 'take the messages of POSIX queues into the backup' },
      YES,
      { flags: '--dry-run', help: 'print what would be removed; remove nothing' },
      ...BACKUP,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools remove 0x80 5 --dry-run', 'list what would be removed'],
      ['ipctools remove 0x80 --yes', 'after a copy of its messages'],
      ['ipctools remove -m 7 -S 0x80', 'a segment by its id, a semaphore set by its key'],
      ['ipctools remove /jobs --drain', 'a POSIX queue, after its messages are in the backup'],
    ],
    load: () => import('./commands/remove.js'),
  },
  {
    name: 'purge',
    typedAs: ['empty', 'flush', 'drain', 'clear', 'truncate'],
    summary: 'take all messages out of a queue, after a backup; the queue stays',
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      { flags: '--type <type>', help: `only those: ${SELECT_TYPE.replace('the lowest type', 'types')}` },
      {
        flags: '--older-than <duration>',
        help: 'only if the last message was sent this long ago: the kernel keeps no time for the others',
      },
      YES,
      { flags: '--dry-run', help: 'print what would be purged; purge nothing' },
      ...BACKUP,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools purge 0x80 --dry-run', 'count what would be purged'],
      ['ipctools purge 0x80 --type 7 --yes', 'messages of one type, after a copy'],
      ['ipctools purge 0x80 --older-than 1h --yes', 'unless a message came within the last hour'],
    ],
    load: () => import('./commands/purge.js'),
  },
  {
    name: 'move',
    alias: 'mv',
    typedAs: ['transfer', 'requeue'],
    summary: 'move messages from one queue into another; a kill loses or duplicates none',
    arguments: [
      { syntax: '<from>', help: 'a key as 0x80 or an id as 5', completes: live('queues', 'both') },
      { syntax: '<to>', help: 'the queue that gets them', completes: live('queues', 'both') },
    ],
    options: [
      { flags: '--type <type>', help: `only those: ${SELECT_TYPE.replace('the lowest type', 'types')}` },
      { flags: '--count <n>', help: 'at most this many, the first ones (default: all that are there now)' },
      { flags: '--no-wait', help: 'end (exit code 4) instead of waiting while the other queue is full' },
      { flags: '--timeout <duration>', help: 'wait at most this long in all: 500ms, 5s, 1m, 1h' },
      {
        flags: '--in-doubt <decision>',
        help: 'after a kill, if it is not known whether a message was sent: send it again, or skip it',
        choices: ['again', 'skip'],
      },
      YES,
      { flags: '--dry-run', help: 'print what would be moved; move nothing' },
      BACKUP_FILE,
      { flags: '--no-backup', help: 'make no backup' },
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools move 0x80 0x90 --dry-run', 'count what would be moved'],
      ['ipctools move 0x80 0x90 --type 7 --count 100 --yes', 'the first hundred of one type'],
    ],
    load: () => import('./commands/move.js'),
  },
  {
    name: 'stale',
    summary: 'judge which objects are live, idle, stale or unknown, and say why',
    arguments: [
      {
        syntax: '[kind]',
        help: 'queues, segments, semaphores, all of these (the default), or posix',
        completes: ['queues', 'segments', 'semaphores', 'all', 'posix'],
      },
    ],
    options: [
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
      { flags: '--explain', help: 'print the rules of judgement' },
      NAMESPACE,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools stale', 'a verdict on each object, with its reasons'],
      ['ipctools stale queues --older-than 2d --json', 'for a script'],
      ['ipctools stale posix', 'POSIX queues, shared memory and semaphores'],
      ['ipctools stale --explain', 'the rules'],
    ],
    load: () => import('./commands/stale.js'),
  },
  {
    name: 'clean',
    typedAs: ['prune'],
    summary: 'remove stale objects, after a backup of their messages',
    options: [
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
      { flags: '--owner <user>', help: 'only objects that this user owns', completes: names('user') },
      {
        flags: '--key <pattern>',
        help: "only this key, or keys like '0x0000*'",
        completes: live('queues', 'key'),
      },
      {
        flags: '--kind <kind>',
        help: 'only queues, segments or semaphores (default: all)',
        completes: ['queues', 'segments', 'semaphores', 'all'],
        repeats: true,
      },
      { flags: '--empty-only', help: 'skip queues with messages, and segments' },
      { flags: '--dry-run', help: 'print what would be removed; remove nothing' },
      { ...YES, help: 'do not ask; remove everything that is stale' },
      ...BACKUP,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools clean --dry-run', 'list what would be removed'],
      ['ipctools clean', 'choose from a list'],
      ['ipctools clean --yes --older-than 7d --owner www-data', 'remove without asking'],
    ],
    load: () => import('./commands/clean.js'),
  },
  {
    name: 'dump',
    typedAs: ['copy', 'backup', 'save'],
    summary: 'back up queues with all their messages, without taking any',
    arguments: [{ ...QUEUE, syntax: '[queue...]' }],
    options: [
      ...QUEUE_OPTIONS.map((row): OptionRow => ({ ...row, repeats: true })),
      {
        flags: '-o, --output <file>',
        help: 'write to a new file (default: standard output)',
        completes: 'file',
      },
      NAMESPACE,
    ],
    examples: [
      ['ipctools dump 0x80 -o queue.jsonl', 'a copy in a file'],
      ['ipctools dump 0x80 0x81 -o queues.jsonl', 'of two queues'],
    ],
    load: () => import('./commands/dump.js'),
  },
  {
    name: 'restore',
    summary: 'restore queues from a backup',
    arguments: [
      {
        syntax: '[file]',
        help: 'a file that dump, clean, remove, purge or move wrote, or a name that backups lists',
        completes: async (current) => (await import('./complete/backup-words.js')).backupWords(current),
      },
    ],
    options: [
      { flags: '--last', help: 'the backup that was written last' },
      {
        flags: '--to <queue>',
        help: 'restore into an existing, empty queue, or into a POSIX queue /name that has room',
        completes: live('queues', 'both'),
      },
      { flags: '--new-key <key>', help: 'restore at this key, not the one in the backup' },
      {
        flags: '-Q, --queue-key <key>',
        help: 'only the queue that had this key; can be repeated',
        repeats: true,
      },
      {
        flags: '-q, --queue-id <id>',
        help: 'only the queue that had this id; can be repeated',
        repeats: true,
      },
      { flags: '--dry-run', help: 'print what would be restored, and what prevents it' },
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools restore --last --dry-run', 'what the newest backup would restore'],
      ['ipctools restore queue.jsonl -Q 0x80 -Q 0x81', 'two queues of a file'],
      ['ipctools restore queue.jsonl --new-key 0x81', 'at another key'],
    ],
    load: () => import('./commands/restore.js'),
  },
  {
    name: 'backups',
    summary: 'list the backups that clean, remove, purge and move made, or delete old ones',
    options: [
      { flags: '--prune', help: 'delete backups as --older-than and --keep say' },
      { flags: '--older-than <duration>', help: 'with --prune: only those older than this, such as 30d' },
      { flags: '--keep <n>', help: 'with --prune: keep the newest n' },
      { flags: '--dry-run', help: 'print what would be deleted' },
      YES,
      ...JSON_OPTIONS,
    ],
    examples: [
      ['ipctools backups', 'the copies, the newest first'],
      [
        'ipctools backups --prune --older-than 30d --keep 10',
        'keep the newest ten, and all of the last 30 days',
      ],
    ],
    load: () => import('./commands/backups.js'),
  },
  {
    name: 'watch',
    alias: 'top',
    summary: 'watch queues live',
    arguments: [
      {
        syntax: '[queue...]',
        help: 'keys as 0x80 or ids as 5 (default: all)',
        completes: live('queues', 'both'),
      },
    ],
    options: [
      { flags: '--interval <duration>', help: 'time between samples (default: 1s)' },
      { flags: '--count <n>', help: 'stop after this many samples' },
      {
        flags: '--columns <list>',
        help: 'columns to show, in order; +NAME adds one, all shows all, usual the default ones',
        completes: WATCHED,
      },
      {
        flags: '--sort <list>',
        help: 'sort by columns; -NAME descending (default: the busiest first)',
        completes: WATCHED,
      },
      {
        flags: '--filter <condition>',
        help: "filter rows, such as 'messages>0' or 'in>10'; repeat to combine",
        completes: WATCH_CONDITION,
        repeats: true,
      },
      { flags: '--read-only', help: 'let no key clean anything' },
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
      NAMESPACE,
      ...jsonOptions('print one line of JSON for each sample (the default without a terminal)'),
    ],
    details: async () => {
      const { keyLines } = await import('./watch/keys.js');
      return `Keys:\n${keyLines()
        .map((line) => `  ${line}`)
        .join('\n')}\n${WATCH_DETAILS}`;
    },
    examples: [
      ['ipctools watch', 'all queues, the busiest first'],
      [
        "ipctools watch --filter 'messages>0' --columns +unit",
        'what holds something, and which unit fills it',
      ],
      ['ipctools watch 0x80 --interval 100ms --count 50 --json', 'fifty lines of JSON in five seconds'],
    ],
    load: () => import('./commands/watch.js'),
  },
  {
    name: 'serve',
    summary: 'show everything live on a page in the browser',
    options: [
      { flags: '--port <n>', help: 'listen at this port (default: a free one)' },
      {
        flags: '--listen <address>',
        help: 'listen at this address, not only for this machine (default: 127.0.0.1)',
      },
      {
        flags: '--token-file <file>',
        help: 'keep the token of the address in this file, for the next start',
        completes: 'file',
      },
      { flags: '--interval <duration>', help: 'time between samples (default: 1s)' },
      { flags: '--allow-changes', help: 'let the page remove, send and restore, each after a confirmation' },
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
    ],
    details: SERVE_DETAILS,
    examples: [
      ['ipctools serve', 'print the address to open, and serve the page until Ctrl-C'],
      ['ipctools serve --port 8127 --token-file ~/.timeq-token', 'at the same address each time'],
    ],
    load: () => import('./commands/serve.js'),
  },
  {
    name: 'wait',
    summary: 'wait until a queue meets a condition, for scripts',
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      {
        flags: '--until <condition>',
        help: "condition to wait for, as in list --filter (default: 'messages>0')",
        completes: CONDITION,
      },
      { flags: '--timeout <duration>', help: 'time out (exit code 4) after this long: 500ms, 5s, 1m' },
      ...jsonOptions('print the queue as JSON'),
    ],
    examples: [
      ["ipctools wait 0x80 --until 'messages=0' --timeout 1m", 'wait until the queue is drained'],
      ['ipctools wait 0x80 --json | jq .queue.messages', 'wait for a message, and count'],
    ],
    load: () => import('./commands/wait.js'),
  },
  {
    name: 'check',
    summary: 'check queues or POSIX objects for a monitor: one line, and an exit code',
    arguments: [
      {
        ...QUEUE,
        syntax: '[object]',
        help: 'key as 0x80, id as 5, name of a POSIX object as /name, or posix: all of these',
      },
    ],
    options: [
      ...QUEUE_OPTIONS,
      ...POSIX_OPTIONS,
      { flags: '--all', help: 'check every System V queue' },
      {
        flags: '--warning <condition>',
        help: "warn if this holds, such as 'full>=80%' (the default) or 'idle>10m'; repeat for others",
        completes: CONDITION,
        repeats: true,
      },
      {
        flags: '--critical <condition>',
        help: "critical if this holds, such as 'full>=95%' (the default) or 'verdict=stale'; repeat for others",
        completes: CONDITION,
        repeats: true,
      },
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
      { flags: '--expect-server', help: 'critical unless a time server at the key answers' },
      { flags: '--timeout <duration>', help: 'with --expect-server: how long it may take (default: 2s)' },
      {
        flags: '--format <format>',
        help: 'how to print it',
        choices: ['nagios', 'text', 'json'],
        otherwise: 'nagios',
      },
    ],
    details: CHECK_DETAILS,
    exitCodes: CHECK_EXIT_MEANINGS,
    failing: (message) => ({ line: `QUEUES UNKNOWN - ${message.replaceAll('|', '/')}`, exitCode: 3 }),
    examples: [
      ['ipctools check 0x80', 'whether the queue at key 0x80 is nearly full'],
      [
        "ipctools check --all --warning 'waiting~S' --critical 'verdict=stale'",
        'blocked senders, stale queues',
      ],
      ['ipctools check 0x80 --expect-server --timeout 1s', 'whether the time server answers'],
      ['ipctools check /jobs', 'whether a POSIX queue is nearly full; with posix, any of them'],
    ],
    load: () => import('./commands/check.js'),
  },
  {
    name: 'metrics',
    summary: 'print metrics for Prometheus, or serve them',
    options: [
      ...DELIVERY_OPTIONS,
      {
        flags: '--max-series <n>',
        help: 'how many queues get metrics of their own, the fullest first; the others are one total',
        otherwise: '1000',
      },
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
      { flags: '--timeout <duration>', help: 'how long a time server may take to answer (default: 2s)' },
    ],
    details: METRICS_DETAILS,
    examples: [
      ['ipctools metrics --listen 9464', 'for a Prometheus on this machine'],
      [
        'ipctools metrics --textfile /var/lib/prometheus/node-exporter/ipc.prom',
        'for node_exporter, from a timer',
      ],
    ],
    load: () => import('./commands/metrics.js'),
  },
  completionVerb('ipctools'),
];

const EXIT_MEANINGS: Program['exitCodes'] = [
  [EXIT.done, 'done'],
  [EXIT.failed, 'some failed, or not found'],
  [EXIT.usage, 'wrong usage, nothing done'],
  [REFUSED, 'refused, or not confirmed'],
  [EXIT.timedOut, 'timed out, or would have had to wait'],
  [EXIT.notPermitted, 'not permitted'],
];

export const PROGRAM: Program = {
  name: 'ipctools',
  version,
  description:
    'See, peek into, use and remove System V message queues, segments and semaphore sets; see and remove POSIX ones.',
  verbs: VERBS,
  unnamed: OVERVIEW,
  others: UTIL_LINUX,
  details: [
    'Help for a verb: ipctools help VERB.',
    'A queue is written as its key, 0x80 (always hexadecimal), or its id, 5',
    '(decimal). A POSIX queue, shared memory or semaphore is written as /name.',
    `With util-linux's options and output: ipctools ${[...UTIL_LINUX.keys()].join(', ')}.`,
  ].join('\n'),
  examples: [
    ['ipctools list all', 'list all objects'],
    ['ipctools show 0x80', 'everything about the queue at key 0x80'],
    ['ipctools clean', 'remove stale objects'],
  ],
  exitCodes: EXIT_MEANINGS,
  explain,
};
