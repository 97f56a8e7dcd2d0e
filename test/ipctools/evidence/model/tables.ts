import {
  EvidenceGatherer,
  Facts,
  judge,
  type Criteria,
  type IpcObject,
  type Judgement,
  type Rule,
} from '@timeq/ipctools';
import type { Kernel } from '#ipctools/evidence/kernel';
import type { ProcessSource } from '@timeq/mq-native';
import { Random } from '../../../faults/random.js';
import { History } from './history.js';
import { Oracle } from './oracle.js';
import { Calls, someLooker, View } from './view.js';

/** A wrong look at the world, by which the search shows that it finds what is wrong. */
export interface Mistake {
  readonly source?: (source: ProcessSource) => ProcessSource;
  readonly kernel?: (kernel: Kernel) => Kernel;
  readonly rules?: readonly Rule[];
}

export interface Tally {
  objects: number;
  stale: number;
  proven: number;
  /** By why they must not go. */
  readonly living: Map<string, number>;
  /** Those that would have gone all the same: the seed of the table, the reason, and the judgement. */
  readonly wrong: { readonly seed: number; readonly why: string; readonly judgement: Judgement }[];
}

export function newTally(): Tally {
  return { objects: 0, stale: 0, proven: 0, living: new Map(), wrong: [] };
}

/** Judges every object of one machine that a seed decides. */
export function judgeTable(seed: number, tally: Tally, mistake: Mistake = {}): void {
  const random = new Random(seed);
  const history = new History(random, 20 + random.below(60));
  const looker = someLooker(random);
  const view = new View(history, looker, random);
  const calls = new Calls(history, looker);
  const source = mistake.source?.(view) ?? view;
  const facts = new Facts({ source, namespace: 'ipc:[1]', now: history.machine.wall });
  const gatherer = new EvidenceGatherer(facts, mistake.kernel?.(calls) ?? calls);
  const criteria: Criteria = { olderThanSeconds: random.pick(0, 0, 3600) };
  const oracle = new Oracle(history);
  const see = (object: IpcObject, why: string | undefined): void => {
    const judgement = judge(gatherer.gather(object), criteria, mistake.rules);
    tally.objects += 1;
    if (why !== undefined) tally.living.set(why, (tally.living.get(why) ?? 0) + 1);
    if (judgement.verdict !== 'stale') return;
    tally.stale += 1;
    if (judgement.proven) tally.proven += 1;
    if (why !== undefined) tally.wrong.push({ seed, why, judgement });
  };
  for (const queue of history.queues)
    see({ kind: 'queue', entry: calls.queue(queue) }, oracle.queue(queue, criteria.olderThanSeconds));
  for (const set of history.sets) see({ kind: 'semaphore set', entry: calls.set(set) }, oracle.set(set));
  for (const segment of history.segments)
    see({ kind: 'segment', entry: calls.segment(segment) }, oracle.segment(segment));
}
