import { existsSync, readFileSync, statfsSync } from 'node:fs';

/** How exactly a file system notes when a file was last read or mapped. Source: mount(8). */
export type AccessTimes = 'exact' | 'daily' | 'never';

/** A folder whose files are POSIX objects. */
export interface Place {
  /** As this process reaches it. */
  readonly folder: string;
  readonly accessTimes: AccessTimes;
}

/** Why there is no place, a sentence that says what to do. */
type Absence = string;

/** Where POSIX objects are, or why they can't be seen. */
export interface Places {
  readonly queues: Place | Absence;
  /** Of shared memory and, in files whose names begin with `sem.`, of semaphores. */
  readonly memory: Place | Absence;
}

/** Types of file systems: linux/magic.h and ipc/mqueue.c. */
const MQUEUE = 0x1980_0202;
const TMPFS = 0x0102_1994;

/** On a terminal of 80 columns, each is one line. */
const NOT_MOUNTED = 'POSIX queues: not mounted; `mount -t mqueue none /dev/mqueue` as root';
const NO_FOLDER =
  'POSIX queues: not mounted; `mkdir /dev/mqueue && mount -t mqueue none /dev/mqueue` as root';
const NO_MEMORY = 'no POSIX memory or semaphores: `mount -t tmpfs none /dev/shm` as root';

/** The mounts of a process, as its mountinfo lists them (proc(5)). */
function mountsOf(process: string): readonly { readonly point: string; readonly options: string }[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${process}/mountinfo`, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').map((line) => {
    const [, , , , point = '', options = ''] = line.split(' ');
    return { point, options };
  });
}

function isOfType(folder: string, type: number): boolean {
  try {
    return statfsSync(folder).type === type;
  } catch {
    return false;
  }
}

function accessTimesOf(options: string): AccessTimes {
  if (/\bnoatime\b/.test(options)) return 'never';
  return /\brelatime\b/.test(options) ? 'daily' : 'exact';
}

/**
 * Where POSIX objects are. glibc and musl keep shared memory in /dev/shm only; Linux lets each mount of mqueue show the
 * queues of the IPC namespace in which it was made.
 * @param pid a process that may have other mounts
 */
export function findPlaces(pid?: number): Places {
  const root = pid === undefined ? '' : `/proc/${pid}/root`;
  const mounts = mountsOf(pid === undefined ? 'self' : String(pid));
  const place = (path: string, type: number, absence: Absence): Place | Absence => {
    const folder = root + path;
    if (!isOfType(folder, type)) return absence;
    // Of several mounts at one place the last one is visible.
    const options = mounts.findLast(({ point }) => point === path)?.options ?? 'noatime';
    return { folder, accessTimes: accessTimesOf(options) };
  };
  return {
    queues: place('/dev/mqueue', MQUEUE, existsSync(`${root}/dev/mqueue`) ? NOT_MOUNTED : NO_FOLDER),
    memory: place('/dev/shm', TMPFS, NO_MEMORY),
  };
}

/** The sentences on what can't be seen. */
export function absences({ queues, memory }: Places): Absence[] {
  return [queues, memory].filter((place) => typeof place === 'string');
}
