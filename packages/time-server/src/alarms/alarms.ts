import { ClockTimer } from '@timeq/mq-native';
import {
  failure,
  type AlarmPlan,
  type AlarmsReply,
  type Failure,
  type MessageType,
  type RequestId,
  type ServerStatus,
} from '@timeq/time-protocol';
import type { ReplyEncoder } from '../reply-encoder.js';
import type { Clocks, MachineMoment } from '../clock/clocks.js';
import { Alarm, type Recipient } from './alarm.js';
import { AlarmHeap } from './alarm-heap.js';
import { RingEncoder } from './ring-encoder.js';

/** How many alarms a server has at most, and how many of one client. */
const MOST = 100_000;
const MOST_OF_CLIENT = 1000;

/** The longest id of an alarm, in characters: it is kept for as long as the alarm. */
const LONGEST_ID = 128;

/** How many ring before requests are answered again. */
const BATCH = 64;

/** How many an answer lists: it has to fit into a message. */
const MOST_LISTED = 32;

/** An alarm that rings later than this, in nanoseconds, counts as late. */
const LATE = 10_000_000n;

/** A message for a client at the queue that no request asked for at this moment. */
export interface Ringing {
  readonly type: MessageType;
  readonly reply: ReplyEncoder;
}

/** What brings the messages of alarms over NATS. */
export type Publish = (subject: string, ring: RingEncoder) => void;

/**
 * The alarms of all clients, with one wait for the soonest of them: between two alarms nothing runs. An alarm whose
 * message is not read rings no more.
 */
export class Alarms {
  readonly #clocks: Clocks;
  readonly #send: (ringing: readonly Ringing[]) => void;
  readonly #lostOne: () => void;
  readonly #heap = new AlarmHeap();
  readonly #byNumber = new Map<number, Alarm>();
  /** Each client's, in the order of their numbers. */
  readonly #byClient = new Map<Recipient, Set<Alarm>>();
  readonly #timer = new ClockTimer(() => {
    this.#awaited = undefined;
    this.#ringDue();
  });
  /** The moment for which the timer is set. */
  #awaited: bigint | undefined;
  /** Whether alarms ring, or the timer is set, in a moment. */
  #busy = false;
  #immediate: NodeJS.Immediate | undefined;
  #publish: Publish = () => undefined;
  #lastNumber = 0;
  #rung = 0;
  #late = 0;
  #dropped = 0;

  /**
   * @param send sends messages to clients at the queue
   * @param lostOne is called for each message that was not taken
   */
  constructor(clocks: Clocks, send: (ringing: readonly Ringing[]) => void, lostOne: () => void) {
    this.#clocks = clocks;
    this.#send = send;
    this.#lostOne = lostOne;
  }

  get counts(): ServerStatus['alarms'] {
    return { pending: this.#byNumber.size, rung: this.#rung, late: this.#late, dropped: this.#dropped };
  }

  /** Alarms of clients over NATS ring by this from now on. */
  publishBy(publish: Publish): void {
    this.#publish = publish;
  }

  /** Adds a client's alarm, which rings after this turn of the event loop at the earliest. */
  add(to: Recipient, id: RequestId, plan: AlarmPlan, now: bigint): Alarm | Failure {
    const own = this.#byClient.get(clientOf(to)) ?? new Set();
    if (typeof id === 'string' && id.length > LONGEST_ID) {
      return failure('BAD_ALARM', `the id of an alarm may have ${LONGEST_ID} characters at most`);
    }
    if (own.size >= MOST_OF_CLIENT) {
      return failure(
        'TOO_MANY_ALARMS',
        `this client has ${MOST_OF_CLIENT} alarms, the most that one may have`,
      );
    }
    if (this.#byNumber.size >= MOST) {
      return failure('TOO_MANY_ALARMS', `the server has ${MOST} alarms, the most that it takes`);
    }
    const alarm = new Alarm(++this.#lastNumber, to, id, plan, now);
    this.#byClient.set(clientOf(to), own.add(alarm));
    this.#byNumber.set(alarm.number, alarm);
    this.#heap.add(alarm);
    this.#waitSoon();
    return alarm;
  }

  /** Cancels an alarm of a client, or all of its. @returns how many */
  cancel(to: Recipient, number?: number): number {
    const own = this.#byClient.get(clientOf(to)) ?? [];
    const cancelled = [...own].filter((alarm) => number === undefined || alarm.number === number);
    for (const alarm of cancelled) this.#remove(alarm);
    this.#waitSoon();
    return cancelled.length;
  }

  /** The first alarms of a client with higher numbers than this. */
  list(to: Recipient, after = 0): Pick<AlarmsReply, 'alarms' | 'more'> {
    const later = [...(this.#byClient.get(clientOf(to)) ?? [])].filter(({ number }) => number > after);
    const alarms = later
      .slice(0, MOST_LISTED)
      .map(({ number, next, turn, every, count }) => ({ alarm: number, next, turn, every, count }));
    return { alarms, more: later.length > MOST_LISTED };
  }

  /** The message of an alarm was not taken: the alarm ends. */
  lost(number: number): void {
    const alarm = this.#byNumber.get(number);
    this.#dropped += 1;
    this.#lostOne();
    if (alarm === undefined) return;
    this.#remove(alarm);
    this.#waitSoon();
  }

  /** The clock was set. */
  clockSet(): void {
    this.#awaited = undefined;
    this.#waitSoon();
  }

  /** The clients at the queue are gone with it, or those over NATS can't be reached. */
  drop(way: 'queue' | 'nats'): void {
    for (const alarm of this.#byNumber.values()) {
      if (wayTo(alarm.to) !== way) continue;
      this.#remove(alarm);
      this.#dropped += 1;
    }
    this.#waitSoon();
  }

  /** Ends the wait; no alarm rings any more. */
  stop(): void {
    this.#heap.clear();
    this.#byNumber.clear();
    this.#byClient.clear();
    clearImmediate(this.#immediate);
    this.#timer.clear();
  }

  #remove(alarm: Alarm): void {
    this.#byNumber.delete(alarm.number);
    const client = clientOf(alarm.to);
    const own = this.#byClient.get(client);
    own?.delete(alarm);
    if (own?.size === 0) this.#byClient.delete(client);
    this.#heap.remove(alarm);
  }

  /** Once for all alarms of a turn of the event loop; and their answers are sent before. */
  #waitSoon(): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#immediate = setImmediate(() => this.#ringDue());
  }

  #ringDue(): void {
    this.#busy = false;
    const now = this.#clocks.wall();
    const ringing: Ringing[] = [];
    let rung = 0;
    for (let first = this.#heap.first; first !== undefined && first.next <= now; first = this.#heap.first) {
      if (rung++ === BATCH) {
        this.#waitSoon();
        break;
      }
      const reply = this.#ring(first, now);
      if (typeof first.to === 'string') this.#publish(first.to, reply);
      else ringing.push({ type: first.to, reply });
    }
    if (ringing.length > 0) this.#send(ringing);
    if (!this.#busy) this.#wait();
  }

  #ring(alarm: Alarm, now: bigint): RingEncoder {
    const turn = alarm.ring(now);
    if (turn.next === undefined) this.#remove(alarm);
    else this.#heap.postponed(alarm);
    this.#rung += 1;
    this.#dropped += turn.skipped;
    if (now - turn.at > LATE) this.#late += 1;
    return new RingEncoder(this.#clocks, alarm, turn);
  }

  #wait(): void {
    const next = this.#heap.first?.next;
    if (next === this.#awaited && next !== undefined) return;
    this.#awaited = next;
    const then = next === undefined ? undefined : whenShown(this.#clocks, next);
    if (then === undefined) this.#timer.clear();
    else this.#timer.set(then.moment, then.clock);
  }
}

/** Whose alarm it is. */
function clientOf(to: Recipient): Recipient {
  return typeof to === 'string' ? to.slice(0, to.lastIndexOf('.')) : to;
}

function wayTo(to: Recipient): 'queue' | 'nats' {
  return typeof to === 'string' ? 'nats' : 'queue';
}

function whenShown(clocks: Clocks, moment: bigint): MachineMoment | undefined {
  return clocks.when === undefined ? { moment, clock: 'wall' } : clocks.when(moment);
}
