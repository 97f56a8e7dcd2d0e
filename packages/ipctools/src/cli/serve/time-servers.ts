import { escapeText } from '@timeq/cli-kit/text/escape';
import type { TimeServer, TimeServers } from '@timeq/console/wire';
import type { Criteria } from '../../evidence/rules.js';
import { ObjectSampler } from '../../metrics/object-sampler.js';
import { askServers, type FoundServer } from '../servers/ask-servers.js';
import { keyText } from './rows.js';

/** Each look sends a request to each server, so all viewers share one for that many milliseconds. */
const REST = 1000;

/** Milliseconds for an answer. */
const TIMEOUT = 500;

interface Counted {
  readonly requests: number;
  /** By the monotonic clock, in milliseconds. */
  readonly at: number;
}

/** The time servers of this IPC namespace, asked while a viewer looks at them. */
export class LiveServers {
  readonly #sampler: ObjectSampler;
  /** What each server had answered when it was asked last, by the queue's id. */
  #before = new Map<number, Counted>();
  #known: Promise<TimeServers> | undefined;
  #askedAt = -Infinity;

  constructor(criteria: Criteria) {
    this.#sampler = new ObjectSampler(criteria, 0);
  }

  read(): Promise<TimeServers> {
    if (this.#known === undefined || performance.now() > this.#askedAt + REST) {
      this.#askedAt = performance.now();
      this.#known = this.#ask();
    }
    return this.#known;
  }

  async #ask(): Promise<TimeServers> {
    const sample = this.#sampler.sample();
    const found = await askServers(sample, TIMEOUT);
    const before = this.#before;
    this.#before = new Map();
    const servers = found.map((server) => this.#show(server, before.get(server.entry.id)));
    return { time: Date.now(), servers, leftOut: sample.served.length - found.length };
  }

  #show({ entry: { key, id }, report }: FoundServer, before: Counted | undefined): TimeServer {
    const { answered, seconds, served, lost, waiting, pid, version, ahead, clock } = report;
    const at = performance.now();
    const requests = served && sumOf(served);
    if (requests !== undefined) this.#before.set(id, { requests, at });
    return {
      key: keyText(key),
      id,
      ...(answered !== undefined && { answered }),
      ...(pid !== undefined && { pid }),
      ...(version !== undefined && { version: escapeText(version) }),
      ...(seconds !== undefined && { roundTrip: seconds * 1000 }),
      ...(ahead !== undefined && { ahead: ahead * 1000 }),
      ...(clock !== undefined && { clock: escapeText(clock) }),
      ...(requests !== undefined && { requests }),
      ...(requests !== undefined && before !== undefined && { perSecond: rateOf(before, { requests, at }) }),
      ...(lost !== undefined && { lost: sumOf(lost) }),
      ...(waiting !== undefined && { waiting }),
    };
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Without the page's own request. */
function rateOf(before: Counted, now: Counted): number {
  return Math.max(0, now.requests - before.requests - 1) / ((now.at - before.at) / 1000);
}
