import { closeSync, existsSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { native } from '../native.js';

/** The sources of process information: /proc, kill(2) and the kernel's clocks. Tests replace it. */
export interface ProcessSource {
  /** The names in a directory below /proc. @throws ENOENT, ESRCH, EACCES */
  names(path: string): readonly string[];
  /** A file below /proc. @throws ENOENT, ESRCH, EACCES, EPERM */
  text(path: string): string;
  /** Where a symbolic link below /proc leads to. @throws as text */
  link(path: string): string;
  /** Asked first where many files are missing: an exception costs more than a call. */
  has(path: string): boolean;
  /**
   * Whether any process or thread has that number in this pid namespace: kill(2) with signal 0, which needs no /proc.
   */
  hasNumber(pid: number): boolean;
  /** When the machine booted, in seconds since the epoch, by the current wall clock. */
  bootTime(): number;
}

const buffer = Buffer.alloc(4096);

/** Text of one character for each byte. */
function readText(path: string): string {
  const fd = openSync(path, 'r');
  try {
    let text = '';
    for (;;) {
      // One read returns at most a page of a file that the kernel writes line by line.
      const bytes = readSync(fd, buffer);
      if (bytes === 0) return text;
      text += buffer.toString('latin1', 0, bytes);
    }
  } finally {
    closeSync(fd);
  }
}

/** This machine's. Only the kernel's clock since boot tells when a process started: /proc/uptime may be lxcfs's. */
export const PROC: ProcessSource = {
  names: (path) => readdirSync(`/proc/${path}`),
  text: (path) => readText(`/proc/${path}`),
  link: (path) => readlinkSync(`/proc/${path}`, 'latin1'),
  has: (path) => existsSync(`/proc/${path}`),
  hasNumber(pid) {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  },
  bootTime: () => Number(native.clockRealtime() - native.clockBoottime()) / 1e9,
};
