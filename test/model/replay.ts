import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Message, MessageQueue } from '@timeq/mq-native';
import type { Random } from '../faults/random.js';
import { until } from '../helpers/deadline.js';
import { threadsIn, type BlockingCall } from '../helpers/threads.js';

/** Waits on a real queue, beside the states of their model in which they can be. */
export interface Subject {
  readonly blocksIn: BlockingCall;
  /** The steps of the model's world that can come next, as far as they can be foreseen. */
  choices(): string[];
  /** Such a step is going to be played. */
  foresee(step: string): void;
  /**
   * Does what a step stands for.
   * @returns what tells the model of it, and throws an AssertionError if what came of it is impossible
   */
  play(step: string): () => void;
  /** Compares with the model what there is after a turn of the event loop. */
  look(): Sight;
  /** How many of its threads are blocked when it rests. */
  blocked(): number;
  /** It is idle, and is as it was at the last look. */
  rested(): void;
  describe(): string;
}

/** resting: if its threads are where they belong, the code has nothing more to do. */
export type Sight = 'impossible' | 'moving' | 'resting';

/** Turns of the event loop until it sleeps for a while. */
const TURNS = 20;

/** Steps that are made in one job of script. */
type Burst = readonly { readonly subject: Subject; readonly step: string }[];

/**
 * Plays a trace of the models' steps against all subjects at once. After each burst the code has to become idle, in a state
 * in which its model rests.
 * @param name how to play it again
 */
export async function replay(
  subjects: readonly Subject[],
  bursts: Iterable<Burst>,
  name: string,
): Promise<void> {
  const trace: string[] = [];
  try {
    for (const burst of bursts) {
      trace.push(...burst.map(({ subject, step }) => `${subjects.indexOf(subject)}: ${step}`));
      // At once: a thread that was given something is not to come back before the next step.
      const played = burst.map(({ subject, step }) => subject.play(step));
      for (const tell of played) tell();
      await rest(subjects);
      trace.push('rest');
    }
  } catch (error) {
    const seen = subjects.map((subject, index) => `${index}: ${subject.describe()}`);
    throw new Error(
      `${(error as Error).message}; ${name}, trace\n${trace.join('\n')}\nand then\n${seen.join('\n')}`,
      { cause: error },
    );
  }
}

/** So many bursts of up to three steps, which the random numbers choose. */
export function* atRandom(
  subjects: readonly [Subject, ...Subject[]],
  random: Random,
  count: number,
): Generator<Burst> {
  for (let left = count; left > 0; left--) {
    const burst = [];
    for (let steps = 1 + random.below(3); steps > 0; steps--) {
      const subject = random.pick(...subjects);
      const step = choose(subject.choices(), random);
      if (step === undefined) continue;
      subject.foresee(step);
      burst.push({ subject, step });
    }
    yield burst;
  }
}

/** Bursts that are known before, without the steps that cannot come next. */
export function* along(subject: Subject, bursts: readonly (readonly string[])[]): Generator<Burst> {
  for (const steps of bursts) {
    const burst = [];
    for (const step of steps) {
      if (!subject.choices().includes(step)) continue;
      subject.foresee(step);
      burst.push({ subject, step });
    }
    yield burst;
  }
}

/** To close a handle is the last that can be done with it, and is chosen less often. */
function choose(choices: readonly string[], random: Random): string | undefined {
  const others = choices.filter((step) => step !== 'close()');
  const chosen = others.length < choices.length && random.below(10) === 0 ? ['close()'] : others;
  return chosen[random.below(chosen.length)];
}

async function rest(subjects: readonly Subject[]): Promise<void> {
  await until(async () => {
    for (let turns = 0; turns < TURNS; turns++) {
      await turn();
      if (areAtRest(subjects)) return true;
    }
    return false;
  }, 'rest');
  for (const subject of subjects) subject.rested();
}

function areAtRest(subjects: readonly Subject[]): boolean {
  const sights = subjects.map((subject) => subject.look());
  assert.ok(!sights.includes('impossible'), 'the model does not allow what was seen');
  if (sights.includes('moving')) return false;
  // Last of all: a thread that is blocked now has had nothing to do since.
  return (['msgrcv', 'msgsnd'] as const).every((call) => {
    const those = subjects.filter(({ blocksIn }) => blocksIn === call);
    return threadsIn(call) === those.reduce((sum, subject) => sum + subject.blocked(), 0);
  });
}

/** The messages of a queue; undefined if a thread took or sent one meanwhile. */
export function allAtOnce(queue: MessageQueue): readonly Message[] | undefined {
  const { messages: count } = queue.stat();
  const messages = [...queue.peekAll()];
  return messages.length === count && queue.stat().messages === count ? messages : undefined;
}
