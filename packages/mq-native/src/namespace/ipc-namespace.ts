import { closeSync, openSync, readlinkSync } from 'node:fs';
import { checkInteger } from '../errors/argument-error.js';
import { EACCES, ENOENT, EPERM, ESRCH } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import { native } from '../native.js';
import { beginVisit, endVisit } from './entered.js';

const OWN = '/proc/self/ns/ipc';

/** The link at /proc/PID/ns/ipc, which names the namespace: `ipc:[4026531839]`. @throws IpcError */
function readLink(path: string): string {
  return attempt(path, () => readlinkSync(path));
}

function attempt<Result>(path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    const errno = -((error as NodeJS.ErrnoException).errno ?? 0);
    if (errno === EACCES || errno === EPERM) throw new IpcError(EPERM, { syscall: 'setns', path });
    if (errno === ENOENT || errno === ESRCH) throw new IpcError(ESRCH, { syscall: 'setns', path });
    throw error;
  }
}

/** An IPC namespace, such as a container's: it has its own objects, keys, ids and limits. Source: ipc_namespaces(7). */
export class IpcNamespace {
  readonly #inode: number;
  readonly #pid: number;

  private constructor(link: string, pid: number) {
    this.#inode = Number(/\d+/.exec(link)?.[0]);
    this.#pid = pid;
  }

  /** Its inode, which identifies it for as long as it exists. */
  get inode(): number {
    return this.#inode;
  }

  /** A process that is in it. */
  get pid(): number {
    return this.#pid;
  }

  /** The namespace of this process. */
  static own(): IpcNamespace {
    return new IpcNamespace(readLink(OWN), process.pid);
  }

  /**
   * The namespace that a process is in.
   * @throws IpcError ESRCH if there is no such process, EPERM if it may not be looked at
   */
  static ofProcess(pid: number): IpcNamespace {
    checkInteger('pid', pid, 1, 2 ** 31 - 1);
    return new IpcNamespace(readLink(`/proc/${pid}/ns/ipc`), pid);
  }

  /** The link text at /proc/PID/ns/ipc: `ipc:[4026531839]`. */
  get link(): string {
    return `ipc:[${this.inode}]`;
  }

  /**
   * Until the returned object is disposed of, the calls of this thread act in the namespace: list, stat, open, peek,
   * limits, and also set and remove. A thread of the addon enters it and makes these calls, so this process keeps its
   * own namespace and what it holds there. All other calls fail with EXDEV meanwhile: to send, to receive, to operate
   * on semaphores and to attach. Pending waits go on in the process's own namespace. A handle belongs to the visit on
   * which it was opened, and fails with EXDEV before, after and on any other visit, where its id means another object.
   * One namespace at a time; entering the own one does nothing.
   * @throws IpcError EPERM without CAP_SYS_ADMIN, EBUSY if another one is entered, ESRCH if the process has ended
   */
  enter(): Disposable {
    if (this.link === readlinkSync(OWN)) return { [Symbol.dispose]() {} };
    const path = `/proc/${this.pid}/ns/ipc`;
    const fd = attempt(path, () => openSync(path, 'r'));
    try {
      const result = native.namespaceEnter(fd);
      if (result !== 0) throw new IpcError(-result, { syscall: 'setns', path });
      beginVisit();
    } finally {
      closeSync(fd);
    }
    return {
      [Symbol.dispose]() {
        if (native.namespaceLeave() === 0) endVisit();
      },
    };
  }
}
