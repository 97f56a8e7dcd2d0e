import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Message, MessageQueue } from '@timeq/mq-native';
import type { Random } from '../faults/random.js';
import { until } from '../helpers/deadline.js';
import { threadsIn, type BlockingCall } from '../helpers/threads.js';

/** Waits on a real queue, with the states of their model in which they can be. */
export interface Subject {
  readonly blocksIn: BlockingCall;
  /** The next steps of the world that are possible, as far as the model can predict them. */
  choices(): string[];
  /** Announces a step that is about to be played. */
  foresee(step: string): void;
  /**
   * Makes a step on the real queue.
   * @returns a function that makes the step in the model, and throws an AssertionError if the outcome is impossible
   */
  play(step: string): () => void;
  /** Compares the code with the model after a turn of the event loop. */
  look(): Sight;
  /** How many of its threads are blocked while it is idle. */
  blocked(): number;
  /** Whether it is idle and has not changed since the last check. */
  rested(): void;
  describe(): string;
}

/** resting: the code is idle if its threads are blocked as expected. */
export type Sight = 'impossible' | 'moving' | 'resting';

/** How often to turn the event loop before sleeping for a while. */
const TURNS = 20;

/** Steps in one job of script. */
type Burst = readonly { readonly subject: Subject; readonly step: string }[];

/**
 * Plays a trace against all subjects at once. After each burst the code has to become idle, in a state
 * in which its model is idle as well.
 * @param name how to replay this trace
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
      // Without a pause: a thread that received something must not return before the next step.
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

/** This many bursts of up to three random steps. */
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

/** A known list of bursts, without the steps that are impossible now. */
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

/** Closing a handle is its last step, so it is chosen less often. */
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
  // Checked last: a thread that is blocked now had nothing to do since the other checks.
  return (['msgrcv', 'msgsnd'] as const).every((call) => {
    const those = subjects.filter(({ blocksIn }) => blocksIn === call);
    return threadsIn(call) === those.reduce((sum, subject) => sum + subject.blocked(), 0);
  });
}

/** The messages of a queue; undefined if a thread sent or took one meanwhile. */
export function allAtOnce(queue: MessageQueue): readonly Message[] | undefined {
  const { messages: count } = queue.stat();
  const messages = [...queue.peekAll()];
  return messages.length === count && queue.stat().messages === count ? messages : undefined;
}
