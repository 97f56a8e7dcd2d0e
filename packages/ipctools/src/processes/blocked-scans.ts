import { findBlockedThreads, type BlockedThreads } from './blocked.js';

/** Inspecting every thread of the machine takes long, so it is repeated only after this many times that long. */
const REST = 50;

interface BlockedScan {
  readonly blocked: BlockedThreads;
  readonly nextAt: number;
}

/** The blocked threads for a program that asks again and again. */
export class BlockedScans {
  readonly #rest: number;
  readonly #scans = new Map<string, BlockedScan>();

  /** @param rest how many times as long as an inspection takes until the next one: 50 spends 2 % of a core on them */
  constructor(rest = REST) {
    this.#rest = rest;
  }

  /** @param link the IPC namespace, as /proc/PID/ns/ipc links to it; this process's own if not given */
  of(link?: string): BlockedThreads {
    const name = link ?? '';
    const known = this.#scans.get(name);
    const begin = performance.now();
    if (known !== undefined && begin < known.nextAt) return known.blocked;
    const blocked = findBlockedThreads(link);
    const end = performance.now();
    this.#scans.set(name, { blocked, nextAt: end + (end - begin) * this.#rest });
    return blocked;
  }
}
