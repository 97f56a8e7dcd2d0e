import { explore, type Model } from './explore.js';
import { receiveMistakes, sendMistakes } from './mistakes.js';
import { loopSteps } from './possible-states.js';
import { receiveWaiting, type Kind, type Mistake as ReceiveMistake } from './receive-waiting.js';
import { sendWaiting, type Mistake as SendMistake } from './send-waiting.js';

/** The steps of the world, in both models. */
const worldStep =
  /^(?:another program|another process|a stray signal|close\(\)|receive\(\)|send\(\)|#giveUp)/;

/**
 * The world's steps on the shortest trace to the violation in a model with a mistake. Steps are in one burst if neither the
 * event loop makes a step between them nor a thread blocks.
 */
function wayToFailure<State>(model: Model<State>): string[][] | undefined {
  const { failure } = explore(model);
  if (failure === undefined) return undefined;
  const bursts: string[][] = [[]];
  for (const line of failure.trace) {
    const end = line.indexOf(': {');
    const name = line.slice(0, end);
    const { thread } = JSON.parse(line.slice(end + 2)) as { thread: string };
    if (worldStep.test(name)) bursts.at(-1)?.push(name);
    else if (loopSteps.has(name) || (/^msg(?:rcv|snd)$/.test(name) && thread === 'asleep')) bursts.push([]);
  }
  return bursts.filter((burst) => burst.length > 0);
}

interface Way {
  readonly mistake: string;
  /** The steps of each job of script. */
  readonly way: readonly (readonly string[])[];
}

export function* waysOfReceives(): Generator<Way & { readonly waits: readonly Kind[] }> {
  for (const [mistake, { waits }] of Object.entries(receiveMistakes)) {
    const size = { waits, messages: 2, polls: false, yields: false };
    const model = receiveWaiting(size, mistake as ReceiveMistake);
    for (const way of waysToFailure(model)) yield { mistake, waits, way };
  }
}

export function* waysOfSends(): Generator<Way> {
  for (const mistake of Object.keys(sendMistakes)) {
    for (const way of waysToFailure(sendWaiting(3, mistake as SendMistake))) yield { mistake, way };
  }
}

/** The shortest trace, and the same one with pauses behind its first step and behind its last new wait. */
function waysToFailure<State>(model: Model<State>): Way['way'][] {
  const way = wayToFailure(model);
  if (way === undefined) return [];
  const begins = /^(?:receive|send)\(\)/;
  const slow = way.flatMap((burst) => {
    const at = Math.max(1, burst.findLastIndex((step) => begins.test(step)) + 1);
    return [burst.slice(0, 1), burst.slice(1, at), burst.slice(at)].filter(({ length }) => length > 0);
  });
  return [way, slow];
}
