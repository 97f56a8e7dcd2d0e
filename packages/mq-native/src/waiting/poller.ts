import { native } from '../native.js';
import { InLine, Line } from './line.js';

/** Something that is looked for in every turn of the event loop. */
export abstract class Polled extends InLine<Polled> {
  /**
   * @param tries how often it may look, one right after the other
   * @returns false when it need not be tried any more
   */
  abstract poll(now: number, tries: number): boolean;
  /** Whether the event loop has to stay alive for it. */
  abstract get keepsAlive(): boolean;
}

/** So many looks take twice as long as a turn of the event loop, in which nothing that comes is seen. */
const TRIES = 8;
/** A yield that took longer has let somebody else run: nobody waits for so long when there is none. */
const OTHERS_RAN_NANOSECONDS = 2000;
/** Turns from one yield to the next where nobody else wants the CPU: a yield takes half as long as a turn. */
const MOST_TURNS = 8;

const polled = new Line<Polled>();
let immediate: NodeJS.Immediate | undefined;
/** Turns from one yield to the next, and how many of them are left. */
let turns = 1;
let turnsLeft = 1;
let over = false;

function schedule(): void {
  immediate ??= setImmediate(turn);
  for (let each = polled.first; each !== undefined; each = each.after) {
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
  // Where others want this CPU, to look again before they ran is in vain.
  const tries = turns === 1 || polled.size > 1 ? 1 : TRIES;
  over = false;
  for (let each = polled.first, left = polled.size; each !== undefined && left > 0; left--) {
    // At the end of the line, so that those behind it come first in the next turn if this one is over.
    polled.remove(each);
    if (each.poll(now, tries) && !each.inLine) polled.add(each);
    if (over) break;
    each = polled.first;
  }
  if (polled.size === 0) return;
  turnsLeft -= 1;
  if (turnsLeft <= 0) yieldToOthers();
  schedule();
}

/** What is looked for was found: script is to see it before there is another look for anything. */
export function endTurn(): void {
  over = true;
}

/** Whoever is to send the next message may be waiting for this very CPU. */
function yieldToOthers(): void {
  turns = native.yieldCpu() > OTHERS_RAN_NANOSECONDS ? 1 : Math.min(MOST_TURNS, turns * 2);
  turnsLeft = turns;
}

/** Tries it from the next turn of the event loop on. */
export function startPolling(each: Polled): void {
  if (!each.inLine) polled.add(each);
  schedule();
}

/** To be called also when `keepsAlive` changed. */
export function stopPolling(each: Polled): void {
  polled.remove(each);
}

export function pollingChanged(): void {
  if (polled.size > 0) schedule();
}
