import { statSync } from 'node:fs';
import { hasOwnNumbers, isWholeMachine, PROC, showsEveryProcess, type ProcessSource } from '@timeq/mq-native';
import { codeOf } from '../failure.js';

/** A file on a tmpfs or in a mount of mqueue, whose numbers are the same in /proc/PID/maps. */
interface UsedFile {
  readonly path: Buffer;
  readonly device: bigint;
  readonly inode: bigint;
}

/** The processes that have files open or mapped. */
export interface FileUsers {
  /** Their pids. */
  of(file: UsedFile): readonly number[];
  /** Whether every process could be inspected. */
  readonly complete: boolean;
}

/** A file, as /proc/PID/maps has it: `00:1b:7` for its device and its inode. */
function identityInMaps(device: bigint, inode: bigint): string {
  // gnu_dev_major and gnu_dev_minor of sys/sysmacros.h
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  const two = (part: bigint): string => part.toString(16).padStart(2, '0');
  return `${two(major)}:${two(minor)}:${inode}`;
}

const MAPPED = /^\S+ \S+ \S+ ([0-9a-f]+:[0-9a-f]+) ([1-9]\d*) /gm;
/** proc(5): the kernel adds this to a name that was removed. */
const REMOVED = ' (deleted)';

function isGone(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH';
}

/** Looks into one process. @throws where it may not be inspected */
class Inspection {
  readonly #source: ProcessSource;
  readonly #identities: ReadonlySet<string>;
  readonly #files: ReadonlySet<string>;

  constructor(source: ProcessSource, files: readonly UsedFile[]) {
    this.#source = source;
    this.#identities = new Set(files.map(({ device, inode }) => identityInMaps(device, inode)));
    this.#files = new Set(files.map(({ path }) => path.toString('latin1', path.lastIndexOf('/') + 1)));
  }

  /** The files that the process uses. */
  usedBy(pid: string): ReadonlySet<string> {
    const used = new Set<string>();
    let mapped = '';
    // A main thread that has ended has neither files nor memory any more, and a thread may have files of its own.
    for (const tid of this.#source.names(`${pid}/task`)) {
      const thread = `${pid}/task/${tid}`;
      if (mapped === '') mapped = this.#ifAlive(thread, () => this.#source.text(`${thread}/maps`)) ?? '';
      for (const fd of this.#ifAlive(thread, () => this.#source.names(`${thread}/fd`)) ?? []) {
        const identity = this.#ifAlive(thread, () => this.#openedAt(`${thread}/fd/${fd}`));
        if (identity !== undefined) used.add(identity);
      }
    }
    for (const [, device = '', inode = ''] of mapped.matchAll(MAPPED)) used.add(`${device}:${inode}`);
    return new Set([...used].filter((identity) => this.#identities.has(identity)));
  }

  /** What a thread has; undefined if it has ended. Only root may look into a main thread that others have outlived. */
  #ifAlive<Read>(thread: string, read: () => Read): Read | undefined {
    try {
      return read();
    } catch (error) {
      if (isGone(error) || this.#hasEnded(thread)) return undefined;
      throw error;
    }
  }

  #hasEnded(thread: string): boolean {
    try {
      return /\) [ZX] /.test(this.#source.text(`${thread}/stat`));
    } catch {
      return true;
    }
  }

  /** Only files with such a name are looked at: to look at any file may hang. */
  #openedAt(descriptor: string): string | undefined {
    const link = this.#source.link(descriptor);
    const file = link.slice(link.lastIndexOf('/') + 1);
    const kept = file.endsWith(REMOVED) ? file.slice(0, -REMOVED.length) : file;
    if (!this.#files.has(file) && !this.#files.has(kept)) return undefined;
    const { dev, ino } = statSync(`/proc/${descriptor}`, { bigint: true });
    return identityInMaps(dev, ino);
  }
}

/**
 * Looks for files among the open files and in the memory of every process. That takes permission to trace them:
 * the same user or root.
 */
export function findFileUsers(files: readonly UsedFile[], source: ProcessSource = PROC): FileUsers {
  const users = new Map<string, number[]>();
  let complete = showsEveryProcess(source) && hasOwnNumbers(source) && isWholeMachine(source);
  const inspection = new Inspection(source, files);
  for (const pid of files.length === 0 ? [] : source.names('')) {
    // It opens queues itself, to see what they hold.
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    try {
      for (const identity of inspection.usedBy(pid)) {
        users.set(identity, [...(users.get(identity) ?? []), Number(pid)]);
      }
    } catch (error) {
      if (!isGone(error)) complete = false;
    }
  }
  return { of: ({ device, inode }) => users.get(identityInMaps(device, inode)) ?? [], complete };
}
