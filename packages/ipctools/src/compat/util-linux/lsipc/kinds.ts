import type { QueueEntry, SegmentEntry, SemaphoreEntry } from '@timeq/mq-native';
import type { Ownership } from '../../../processes/credentials.js';
import { TABLES } from '../../../model/lists.js';
import { readSemaphores } from '../ipcs/details.js';
import { COLUMNS, type Cells, type Column } from './column.js';

/** One kind of objects: what there is, and what is shown of it. */
export interface Kind<Entry> {
  /** The name of its list in JSON. */
  readonly list: string;
  /** The columns that it has beside those of every kind. */
  readonly own: readonly Column[];
  readonly cells: Cells<Entry>;
  readonly usual: readonly string[];
  /** What `-c` adds. */
  readonly creators: readonly string[];
  /** What `-t` adds. */
  readonly times: readonly string[];
  /** Which option names one of them. */
  readonly namedBy: 'i' | 'N';
  /** May be gone through twice. @throws Failure where they can't be listed */
  readonly entries: () => Iterable<Entry>;
  /** Whether an object is the one that was asked for. */
  readonly is: (entry: Entry, wanted: string) => boolean;
  readonly missing: (wanted: string) => string;
  /** Says of an object which of its values can't be known; undefined where they are. */
  readonly unknown?: (entry: Entry) => string | undefined;
  /** What an object consists of: for each semaphore the numbers of its line. */
  readonly elements?: (entry: Entry) => readonly (readonly number[])[];
}

interface Common extends Ownership {
  readonly id: number;
  readonly key: number;
  readonly changeTime: number;
}

const SYSTEM_V: Cells<Common> = {
  KEY: ({ key }) => `0x${key.toString(16).padStart(8, '0')}`,
  ID: ({ id }) => String(id),
  OWNER: ({ uid }, look) => look.owner(uid),
  PERMS: ({ mode }, look) => look.permissions(mode),
  CUID: ({ creatorUid }) => String(creatorUid),
  CUSER: ({ creatorUid }, look) => look.user(creatorUid),
  CGID: ({ creatorGid }) => String(creatorGid),
  CGROUP: ({ creatorGid }, look) => look.group(creatorGid),
  UID: ({ uid }) => String(uid),
  USER: ({ uid }, look) => look.user(uid),
  GID: ({ gid }) => String(gid),
  GROUP: ({ gid }, look) => look.group(gid),
  CTIME: ({ changeTime }, look) => look.time(changeTime),
};

const USUAL = ['KEY', 'ID', 'PERMS', 'OWNER'];

const COMMON = {
  creators: ['CUID', 'CGID', 'UID', 'GID'],
  namedBy: 'i' as const,
  is: ({ id }: Common, wanted: string) => String(id) === wanted,
  missing: (wanted: string) => `id ${wanted} not found`,
};

export const QUEUES: Kind<QueueEntry> = {
  ...COMMON,
  list: 'messages',
  own: COLUMNS.queues,
  cells: {
    ...SYSTEM_V,
    USEDBYTES: ({ bytes }, look) => look.size(bytes),
    MSGS: ({ messages }) => String(messages),
    SEND: ({ sendTime }, look) => look.time(sendTime),
    RECV: ({ receiveTime }, look) => look.time(receiveTime),
    LSPID: ({ lastSendPid }) => String(lastSendPid),
    LRPID: ({ lastReceivePid }) => String(lastReceivePid),
  },
  usual: [...USUAL, 'USEDBYTES', 'MSGS', 'LSPID', 'LRPID'],
  times: ['SEND', 'RECV', 'CTIME'],
  entries: TABLES.queues,
};

export const SEGMENTS: Kind<SegmentEntry> = {
  ...COMMON,
  list: 'sharedmemory',
  own: COLUMNS.segments,
  cells: {
    ...SYSTEM_V,
    SIZE: ({ bytes }, look) => look.size(bytes),
    NATTCH: ({ attachments }) => String(attachments),
    STATUS: ({ dest, locked }) => [...(dest ? ['dest'] : []), ...(locked ? ['locked'] : [])].join(','),
    ATTACH: ({ attachTime }, look) => look.time(attachTime),
    DETACH: ({ detachTime }, look) => look.time(detachTime),
    COMMAND: ({ creatorPid }, look) => look.command(creatorPid),
    CPID: ({ creatorPid }) => String(creatorPid),
    LPID: ({ lastPid }) => String(lastPid),
  },
  usual: [...USUAL, 'SIZE', 'NATTCH', 'STATUS', 'CTIME', 'CPID', 'LPID', 'COMMAND'],
  times: ['ATTACH', 'DETACH'],
  entries: TABLES.segments,
};

export const SETS: Kind<SemaphoreEntry> = {
  ...COMMON,
  list: 'semaphores',
  own: COLUMNS.semaphores,
  cells: {
    ...SYSTEM_V,
    NSEMS: ({ count }) => String(count),
    OTIME: ({ operateTime }, look) => look.time(operateTime),
  },
  usual: [...USUAL, 'NSEMS'],
  times: ['OTIME', 'CTIME'],
  entries: TABLES.semaphores,
  elements: ({ id, count }) => readSemaphores(id, count),
};
