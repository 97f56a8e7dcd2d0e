import {
  readQueueContents,
  readSemaphore,
  type QueueContents,
  type SemaphoreContents,
} from '../../../model/posix/objects.js';
import { listNamed, type Named } from '../posix-places.js';
import { COLUMNS, type Cells, type Column } from './column.js';
import { named } from './choose.js';
import type { Kind } from './kinds.js';

const POSIX: Cells<Named> = {
  NAME: ({ name }) => name,
  OWNER: ({ object }, look) => look.owner(object.uid),
  PERMS: ({ object }, look) => look.permissions(object.mode),
  // Of a file the kernel does not record who created it.
  CUID: ({ object }) => String(object.uid),
  CUSER: ({ object }, look) => look.user(object.uid),
  CGID: ({ object }) => String(object.gid),
  CGROUP: ({ object }, look) => look.group(object.gid),
  MTIME: ({ object }, look) => look.time(object.modifyTime),
};

const USUAL = ['NAME', 'PERMS', 'OWNER'];

/** The columns that a kind has beside those of all POSIX objects. */
function own(...names: readonly string[]): readonly Column[] {
  return [...COLUMNS.posix, ...named(names)];
}

const COMMON = { creators: ['CUID', 'CGID'], times: [], namedBy: 'N' as const };

/** Names of shared memory and semaphores are shown without the slash, and taken with it, too. */
const IN_MEMORY = { is: ({ name }: Named, wanted: string) => name === wanted.replace(/^\/+/, '') };

interface Mqueue extends Named {
  readonly contents: QueueContents | undefined;
}

export const MQUEUES: Kind<Mqueue> = {
  ...COMMON,
  list: 'posix-messages',
  own: own('USEDBYTES', 'MSGS'),
  cells: {
    ...POSIX,
    USEDBYTES: ({ contents }, look) =>
      contents?.bytes === undefined ? undefined : look.size(contents.bytes),
    MSGS: ({ contents }) => (contents === undefined ? undefined : String(contents.messages)),
  },
  usual: [...USUAL, 'MTIME', 'USEDBYTES', 'MSGS'],
  entries: () => listNamed('posix queue').map((one) => ({ ...one, contents: readQueueContents(one.object) })),
  is: ({ name }, wanted) => name === wanted,
  missing: (wanted) =>
    wanted.startsWith('/') ? `mqueue ${wanted} not found` : `mqueue name must start with '/': ${wanted}`,
  unknown: ({ name, contents }) =>
    contents?.bytes === undefined ? `mqueue ${name} may not be read, so what it holds is unknown` : undefined,
};

export const MEMORY: Kind<Named> = {
  ...COMMON,
  ...IN_MEMORY,
  list: 'posix-sharedmemory',
  own: own('SIZE'),
  cells: { ...POSIX, SIZE: ({ object }, look) => look.size(object.size) },
  usual: [...USUAL, 'SIZE', 'MTIME'],
  entries: () => listNamed('posix memory'),
  missing: (wanted) => `shm ${wanted} not found`,
};

interface Semaphore extends Named {
  readonly contents: SemaphoreContents | undefined;
}

export const SEMAPHORES: Kind<Semaphore> = {
  ...COMMON,
  ...IN_MEMORY,
  list: 'posix-semaphores',
  own: own('SVAL'),
  cells: {
    ...POSIX,
    SVAL: ({ contents }) => (contents === undefined ? undefined : String(contents.value)),
  },
  usual: [...USUAL, 'MTIME', 'SVAL'],
  entries: () =>
    listNamed('posix semaphore').map((one) => ({
      ...one,
      contents: readSemaphore(one.object, { asUse: true }),
    })),
  missing: (wanted) => `semaphore ${wanted} not found`,
  unknown: ({ name, contents }) =>
    contents === undefined
      ? `semaphore ${name} may not be read, or is not one of this C library, so its value is unknown`
      : undefined,
};
