import { readFileSync } from 'node:fs';

/** What a limit of this process allows (getrlimit(2)), where /proc tells it. */
function limit(name: string): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(limits)?.[1];
    return soft === undefined || soft === 'unlimited' ? Infinity : Number(soft);
  } catch {
    return Infinity; // no Linux
  }
}

/** Each Node.js has about a dozen threads, and other tests run at the same time. */
const CROWD = 512;

/** For the `skip` option of a test with dozens of processes or waiting threads: false if this user may have them. */
export function skipWithoutProcesses(): string | false {
  const allowed = limit('Max processes');
  if (allowed >= CROWD || process.getuid?.() === 0) return false; // root is not limited
  return `it needs ${CROWD} processes and threads, and the limit is ${allowed} (ulimit -u)`;
}

/** Node.js 20 opens all modules of a package at once, in each worker. */
const WORKERS_FILES = 256;

/** For the `skip` option of a test whose workers import packages at the same time. */
export function skipWithoutFiles(): string | false {
  const allowed = limit('Max open files');
  if (allowed >= WORKERS_FILES) return false;
  return `it needs ${WORKERS_FILES} open files, and the limit is ${allowed} (ulimit -n)`;
}
