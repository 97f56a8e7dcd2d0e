import type { Look } from './look.js';

/** A column as `--help` and `-o` know it. */
export interface Column {
  readonly name: string;
  readonly help: string;
  /** What `-i` and `-N` call it. */
  readonly label: string;
  readonly align?: 'right';
  /** On a terminal, and without `--notruncate`, it is cut to what is left of the line. */
  readonly cut?: true;
}

/** Where a kind of objects has the value of a column; undefined where an object has none. */
export type Cell<Entry> = (entry: Entry, look: Look) => string | undefined;

/** The cells of a kind, by the names of their columns. */
export type Cells<Entry> = Readonly<Record<string, Cell<Entry>>>;

type Row = readonly [name: string, help: string, label: string, ...rest: ('right' | 'cut')[]];

function columns(rows: readonly Row[]): readonly Column[] {
  return rows.map(([name, help, label, ...flags]) => ({
    name,
    help,
    label,
    ...(flags.includes('right') && { align: 'right' as const }),
    ...(flags.includes('cut') && { cut: true as const }),
  }));
}

const KEYS = columns([
  ['KEY', 'Resource key', 'Key'],
  ['ID', 'Resource ID', 'ID'],
]);

const OWNERSHIP = columns([
  ['OWNER', "Owner's username or UID", 'Owner', 'right'],
  ['PERMS', 'Permissions', 'Permissions', 'right'],
  ['CUID', 'Creator UID', 'Creator UID', 'right'],
  ['CUSER', 'Creator user', 'Creator user'],
  ['CGID', 'Creator GID', 'Creator GID', 'right'],
  ['CGROUP', 'Creator group', 'Creator group'],
]);

const OWNERS = columns([
  ['UID', 'User ID', 'UID', 'right'],
  ['USER', 'User name', 'User name'],
  ['GID', 'Group ID', 'GID', 'right'],
  ['GROUP', 'Group name', 'Group name'],
  ['CTIME', 'Time of the last change', 'Last change', 'right'],
]);

const NAME = columns([['NAME', 'POSIX resource name', 'Name']]);
const MTIME = columns([['MTIME', 'Time of last action', 'Last action', 'right']]);

/** The groups of columns in the order of `--help`, which is that of their values under `-i`. */
export const COLUMNS = {
  systemV: [...KEYS, ...OWNERSHIP, ...OWNERS],
  posix: [...NAME, ...OWNERSHIP, ...MTIME],
  segments: columns([
    ['SIZE', 'Segment size', 'Segment size', 'right'],
    ['NATTCH', 'Number of attached processes', 'Attached processes', 'right'],
    ['STATUS', 'Status', 'Status'],
    ['ATTACH', 'Attach time', 'Attach time', 'right'],
    ['DETACH', 'Detach time', 'Detach time', 'right'],
    ['COMMAND', 'Creator command line', 'Creator command', 'cut'],
    ['CPID', 'PID of the creator', 'Creator PID', 'right'],
    ['LPID', 'PID of last user', 'Last user PID', 'right'],
  ]),
  queues: columns([
    ['USEDBYTES', 'Bytes used', 'Bytes used', 'right'],
    ['MSGS', 'Number of messages', 'Messages'],
    ['SEND', 'Time of last msg sent', 'Msg sent', 'right'],
    ['RECV', 'Time of last msg received', 'Msg received', 'right'],
    ['LSPID', 'PID of the last msg sender', 'Msg sender', 'right'],
    ['LRPID', 'PID of the last msg receiver', 'Msg receiver', 'right'],
  ]),
  semaphores: columns([
    ['NSEMS', 'Number of semaphores', 'Semaphores', 'right'],
    ['OTIME', 'Time of the last operation', 'Last operation', 'right'],
  ]),
  posixSemaphores: columns([['SVAL', 'Semaphore value', 'Value', 'right']]),
  summary: columns([
    ['RESOURCE', 'Resource name', 'Resource'],
    ['DESCRIPTION', 'Resource description', 'Description'],
    ['LIMIT', 'System-wide limit', 'Limit', 'right'],
    ['USED', 'Currently used', 'Used', 'right'],
    ['USE%', 'Currently use percentage', 'Use', 'right'],
  ]),
} as const;

/** Every column, in the order in which `-i` and `-N` show those that an object has. */
export const ALL: readonly Column[] = [
  ...COLUMNS.systemV,
  ...NAME,
  ...MTIME,
  ...COLUMNS.queues,
  ...COLUMNS.segments,
  ...COLUMNS.semaphores,
  ...COLUMNS.summary,
  ...COLUMNS.posixSemaphores,
];

/** Those that every kind accepts, although they may be empty. */
export const GENERIC: readonly Column[] = COLUMNS.systemV;
