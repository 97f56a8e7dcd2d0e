import { BODY_FORMATS } from '../render/body-format.js';
import type { ArgumentRow, OptionRow, Verb } from './verb.js';

const JSON_OPTION: OptionRow = { flags: '--json', help: 'print JSON' };
const QUEUE: ArgumentRow = {
  syntax: '[queue]',
  help: 'a key as 0x80 (always hexadecimal) or an id as 5 (always decimal)',
  completes: 'queue',
};
const QUEUE_OPTIONS: readonly OptionRow[] = [
  { flags: '-Q, --queue-key <key>', help: 'name the queue by its key: 0x80 or 128', completes: 'queue-key' },
  { flags: '-q, --queue-id <id>', help: 'name the queue by its id', completes: 'queue-id' },
];
const FORMAT: OptionRow = {
  flags: '--format <format>',
  help: `how bodies are written: ${BODY_FORMATS.join(', ')}`,
  completes: BODY_FORMATS,
};
const MODE: OptionRow = {
  flags: '--mode <mode>',
  help: 'permission bits, octal',
  completes: ['0600', '0660', '0666'],
};
const KIND_OF_OBJECTS: ArgumentRow = {
  syntax: '[kind]',
  help: 'queues, segments, semaphores or all (the default)',
  completes: ['queues', 'segments', 'semaphores', 'all'],
};
const OLDER_THAN: OptionRow = {
  flags: '--older-than <duration>',
  help: 'unused for less counts as in use: 30m, 2d (default: 1h)',
};
const ASSUME_UNSEEN_IDLE: OptionRow = {
  flags: '--assume-unseen-idle',
  help: 'whatever does not show here does not use it: other pid namespaces, other users, threads that ended',
};
const BACKUP: readonly OptionRow[] = [
  {
    flags: '--backup <file>',
    help: 'where the copy goes (default: see `ipctools backups`)',
    completes: 'file',
  },
  { flags: '--no-backup', help: 'without a copy: the messages are lost' },
];
const NAMESPACE: OptionRow = {
  flags: '--namespace <pid>',
  help: "in the IPC namespace of that process, such as a container's, or in all; takes CAP_SYS_ADMIN",
};
const WATCH_EPILOGUE = `Keys: q leaves; k i m b f s r w d sort by key, id, messages, bytes, full, in/s,
out/s, waiting, idle (again: the other way round); arrows and Page Up and Down
scroll.
IN/S and OUT/S: the kernel counts no messages. Their difference is by how much
the depth has changed; if nobody has sent (or received) since the last look,
which the kernel's time of the last send (receive) shows, both are exact.
Otherwise they are the least that explains what has changed, marked with a +.`;
const SELECT_TYPE = '0 any, T only type T, -T the lowest type up to T';

/** All verbs, in the order of --help. */
export const VERBS: readonly Verb[] = [
  {
    name: 'overview',
    summary: 'how much is there, of what limit, and what is wrong (the default)',
    arguments: [],
    options: [JSON_OPTION],
    load: () => import('./commands/overview.js'),
  },
  {
    name: 'list',
    alias: 'ls',
    summary: 'list queues, segments or semaphore sets',
    arguments: [
      {
        syntax: '[kind]',
        help: 'queues (the default), segments, semaphores or all',
        completes: ['queues', 'segments', 'semaphores', 'all'],
      },
    ],
    options: [
      {
        flags: '--columns <list>',
        help: 'columns to show, in order; +NAME adds one, all is all',
        completes: 'columns',
      },
      { flags: '--sort <list>', help: 'sort by columns; -NAME descending', completes: 'sort' },
      {
        flags: '--filter <condition>',
        help: "only what satisfies 'COLUMN OPERATOR VALUE'; many: all of them",
        completes: 'condition',
        repeats: true,
      },
      { flags: '--owner <user>', help: 'only what that user owns', completes: 'user' },
      { flags: '--no-header', help: 'without the line of labels' },
      { flags: '--raw', help: 'for scripts: exact values with a tab between them' },
      NAMESPACE,
      JSON_OPTION,
    ],
    epilogue: async () => (await import('../render/columns/help.js')).columnHelp(),
    load: () => import('./commands/list.js'),
  },
  {
    name: 'show',
    summary: 'everything about one queue',
    arguments: [QUEUE],
    options: [...QUEUE_OPTIONS, NAMESPACE, JSON_OPTION],
    load: () => import('./commands/show.js'),
  },
  {
    name: 'peek',
    summary: 'look at messages without taking them',
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      { flags: '--type <type>', help: `only those: ${SELECT_TYPE.replace('the lowest type', 'types')}` },
      { flags: '--limit <n>', help: 'at most so many' },
      FORMAT,
      JSON_OPTION,
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
      { flags: '--file <file>', help: 'the body is what the file has', completes: 'file' },
      { flags: '--lines', help: 'one message for each line of the file or of standard input' },
      { flags: '--hex', help: 'bodies are hexadecimal digits' },
      { flags: '--json', help: 'read messages from the lines that receive --format json writes' },
      { flags: '--no-wait', help: 'fail (exit code 4) instead of waiting while the queue is full' },
      { flags: '--timeout <duration>', help: 'wait at most so long in all: 500ms, 5s, 1m, 1h' },
      { flags: '--create', help: 'create the queue if there is none at the key' },
      { ...MODE, help: 'with --create: permission bits, octal (default: 0600)' },
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
      { flags: '--count <n>', help: 'take so many (default: 1)' },
      { flags: '--all', help: 'take all that are there now, and wait for none' },
      { flags: '--follow', help: 'go on until Ctrl-C' },
      { flags: '--no-wait', help: 'fail (exit code 4) instead of waiting' },
      { flags: '--timeout <duration>', help: 'wait at most so long in all: 500ms, 5s, 1m, 1h' },
      FORMAT,
      JSON_OPTION,
    ],
    load: () => import('./commands/receive.js'),
  },
  {
    name: 'create',
    summary: 'create a queue and print its key (or its id, if it is private)',
    arguments: [],
    options: [
      { flags: '--key <key>', help: 'at this key: 0x80 or 128 (default: a free one, at random)' },
      { flags: '--path <file>', help: "at ftok's key of this file", completes: 'file' },
      { flags: '--project-id <id>', help: 'with --path: 1 to 255 or one character (default: 1)' },
      { flags: '--private', help: 'without a key: only its id names it' },
      { ...MODE, help: 'permission bits, octal (default: 0600)' },
      { flags: '--max-bytes <n>', help: 'how much it may hold: 4096, 16K' },
      JSON_OPTION,
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
      { flags: '--owner <user>', help: 'give it to a user: name or number', completes: 'user' },
      { flags: '--group <group>', help: 'give it to a group: name or number', completes: 'group' },
      { flags: '--max-bytes <n>', help: 'how much it may hold; above msgmnb only root may' },
      JSON_OPTION,
    ],
    load: () => import('./commands/set.js'),
  },
  {
    name: 'ftok',
    summary: "a file's key; or, with --find, the file that a key is from",
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
        help: 'look for files, also below directories, that give this key',
        completes: 'queue-key',
      },
      JSON_OPTION,
    ],
    load: () => import('./commands/ftok.js'),
  },
  {
    name: 'limits',
    summary: "the kernel's limits, what is in use, and how to raise them",
    arguments: [],
    options: [JSON_OPTION],
    load: () => import('./commands/limits.js'),
  },
  {
    name: 'remove',
    alias: 'rm',
    summary: 'remove queues, segments or semaphore sets',
    arguments: [{ syntax: '[queue...]', help: 'keys as 0x80 or ids as 5', completes: 'queue' }],
    options: [
      { flags: '-q, --queue-id <id>', help: 'a queue by its id', completes: 'queue-id', repeats: true },
      { flags: '-Q, --queue-key <key>', help: 'a queue by its key', completes: 'queue-key', repeats: true },
      { flags: '-m, --shmem-id <id>', help: 'a segment by its id', completes: 'segment-id', repeats: true },
      {
        flags: '-M, --shmem-key <key>',
        help: 'a segment by its key',
        completes: 'segment-key',
        repeats: true,
      },
      { flags: '-s, --semaphore-id <id>', help: 'a set by its id', completes: 'semaphore-id', repeats: true },
      {
        flags: '-S, --semaphore-key <key>',
        help: 'a set by its key',
        completes: 'semaphore-key',
        repeats: true,
      },
      { flags: '--yes', help: 'do not ask' },
      { flags: '--dry-run', help: 'show what would go, remove nothing' },
      ...BACKUP,
      JSON_OPTION,
    ],
    load: () => import('./commands/remove.js'),
  },
  {
    name: 'stale',
    summary: 'judge what is live, idle, stale or unknown, and say why',
    arguments: [KIND_OF_OBJECTS],
    options: [
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
      { flags: '--explain', help: 'print the rules' },
      NAMESPACE,
      JSON_OPTION,
    ],
    load: () => import('./commands/stale.js'),
  },
  {
    name: 'clean',
    summary: 'remove what is stale, after a copy of its messages',
    arguments: [],
    options: [
      OLDER_THAN,
      ASSUME_UNSEEN_IDLE,
      { flags: '--owner <user>', help: 'only what that user owns', completes: 'user' },
      { flags: '--key <pattern>', help: "only at that key, or those like '0x0000*'", completes: 'queue-key' },
      {
        flags: '--kind <kind>',
        help: 'only queues, segments or semaphores (default: all)',
        completes: ['queues', 'segments', 'semaphores', 'all'],
        repeats: true,
      },
      { flags: '--empty-only', help: 'no queue with messages, and no segment' },
      { flags: '--dry-run', help: 'show what would go, remove nothing' },
      { flags: '--yes', help: 'do not ask: remove all that is stale' },
      ...BACKUP,
      JSON_OPTION,
    ],
    load: () => import('./commands/clean.js'),
  },
  {
    name: 'dump',
    summary: 'copy a queue with all its messages, without taking any',
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      { flags: '-o, --output <file>', help: 'into a new file (default: standard output)', completes: 'file' },
      NAMESPACE,
    ],
    load: () => import('./commands/dump.js'),
  },
  {
    name: 'restore',
    summary: 'bring queues back from a copy',
    arguments: [
      {
        syntax: '<file>',
        help: 'what dump, clean or remove wrote, or a name that backups lists',
        completes: 'file',
      },
    ],
    options: [
      { flags: '--to <queue>', help: 'into a queue that is there, and empty', completes: 'queue' },
      { flags: '--new-key <key>', help: 'at another key than the one it had' },
      { flags: '-Q, --queue-key <key>', help: 'only the queue that had this key' },
      { flags: '-q, --queue-id <id>', help: 'only the queue that had this id' },
      { flags: '--dry-run', help: 'say what would be done, and what stands against it' },
      JSON_OPTION,
    ],
    load: () => import('./commands/restore.js'),
  },
  {
    name: 'backups',
    summary: 'list the copies that clean and remove made, or delete old ones',
    arguments: [],
    options: [
      { flags: '--prune', help: 'delete those that --older-than and --keep say' },
      { flags: '--older-than <duration>', help: 'with --prune: written longer ago than 30d' },
      { flags: '--keep <n>', help: 'with --prune: not the newest n' },
      { flags: '--dry-run', help: 'show what would be deleted' },
      { flags: '--yes', help: 'do not ask' },
      JSON_OPTION,
    ],
    load: () => import('./commands/backups.js'),
  },
  {
    name: 'watch',
    alias: 'top',
    summary: 'watch queues live',
    arguments: [
      { syntax: '[queue...]', help: 'keys as 0x80 or ids as 5 (default: all)', completes: 'queue' },
    ],
    options: [
      { flags: '--interval <duration>', help: 'time between two looks (default: 1s)' },
      { flags: '--count <n>', help: 'end after so many looks' },
      NAMESPACE,
      { flags: '--json', help: 'a line of JSON for each look; this is the default off a terminal' },
    ],
    epilogue: () => Promise.resolve(WATCH_EPILOGUE),
    load: () => import('./commands/watch.js'),
  },
  {
    name: 'wait',
    summary: 'wait until a queue is in some state, for scripts',
    arguments: [QUEUE],
    options: [
      ...QUEUE_OPTIONS,
      {
        flags: '--until <condition>',
        help: "what to wait for, as --filter of list has it (default: 'messages>0')",
        completes: 'condition',
      },
      { flags: '--timeout <duration>', help: 'give up (exit code 4) after so long: 500ms, 5s, 1m' },
      { flags: '--json', help: 'print the queue as JSON' },
    ],
    load: () => import('./commands/wait.js'),
  },
  {
    name: 'completion',
    summary: 'print the script that completes commands in a shell',
    arguments: [{ syntax: '<shell>', help: 'bash, zsh or fish', completes: ['bash', 'zsh', 'fish'] }],
    options: [JSON_OPTION],
    load: () => import('./commands/completion.js'),
  },
];
