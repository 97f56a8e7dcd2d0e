import { native } from '../native.js';
import { WaitQueueEntry, WaitQueue } from './wait-queue.js';

/** An entry that is tried in every turn of the event loop. */
export abstract class Polled extends WaitQueueEntry<Polled> {
  /**
   * @param tries how often to try, one right after the other
   * @returns false when it need not be tried any more
   */
  abstract poll(now: number, tries: number): boolean;
  /** Whether it keeps the event loop alive. */
  abstract get keepsAlive(): boolean;
}

/** This many tries take twice as long as a turn of the event loop, which sees nothing that arrives. */
const TRIES = 8;
/** After a yield that took longer, another thread has run: without one a yield returns sooner. */
const OTHERS_RAN_NANOSECONDS = 2000;
/** Turns between two yields while no other thread wants the CPU: a yield takes half as long as a turn. */
const MOST_TURNS = 8;

const polled = new WaitQueue<Polled>();
let immediate: NodeJS.Immediate | undefined;
/** Turns between two yields, and how many of them are left. */
let turns = 1;
let turnsLeft = 1;
let over = false;

function schedule(): void {
  immediate ??= setImmediate(turn);
  for (let each = polled.first; each !== undefined; each = each.next) {
    if (each.keepsAlive) {
      immediate.ref();
      return;
    }
  }
  immediate.unref();
}

function turn(): void {
  immediate = undefined;
  const now = performance.now();
  // While other threads wait for this CPU, further tries before they run are in vain.
  const tries = turns === 1 || polled.size > 1 ? 1 : TRIES;
  over = false;
  for (let each = polled.first, left = polled.size; each !== undefined && left > 0; left--) {
    // Moved to the end, so that those behind it come first in the next turn if this one is over.
    polled.remove(each);
    if (each.poll(now, tries) && !each.queued) polled.add(each);
    if (over) break;
    each = polled.first;
  }
  if (polled.size === 0) return;
  turnsLeft -= 1;
  if (turnsLeft <= 0) yieldToOthers();
  schedule();
}

/** Ends the turn: script sees the message before the next try. */
export function endTurn(): void {
  over = true;
}

/** The next sender may be waiting for this very CPU. */
function yieldToOthers(): void {
  turns = native.yieldCpu() > OTHERS_RAN_NANOSECONDS ? 1 : Math.min(MOST_TURNS, turns * 2);
  turnsLeft = turns;
}

/** Tries it from the next turn of the event loop on. */
export function startPolling(each: Polled): void {
  if (!each.queued) polled.add(each);
  schedule();
}

/** To be called also when `keepsAlive` changes. */
export function stopPolling(each: Polled): void {
  polled.remove(each);
}

export function pollingChanged(): void {
  if (polled.size > 0) schedule();
}
