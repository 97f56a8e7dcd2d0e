import { ClockTimer } from '@timeq/mq-native';
import { failure } from '@timeq/time-protocol';
import type {
  AlarmPlan,
  AlarmsReply,
  Failure,
  MessageType,
  RequestId,
  ServerStatus,
} from '@timeq/time-protocol';
import type { ReplyEncoder } from '../answer/reply-encoder.js';
import type { Clocks, MachineMoment } from '../clock/clocks.js';
import { Alarm } from './alarm.js';
import { AlarmHeap } from './alarm-heap.js';
import { RingEncoder } from './ring-encoder.js';

/** How many alarms a server has at most, and how many at one message type. */
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

/** A message for a client that no request asked for at this moment. */
export interface Ringing {
  readonly type: MessageType;
  readonly reply: ReplyEncoder;
}

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
  readonly #byType = new Map<MessageType, Set<Alarm>>();
  readonly #timer = new ClockTimer(() => {
    this.#awaited = undefined;
    this.#ringDue();
  });
  /** The moment for which the timer is set. */
  #awaited: bigint | undefined;
  /** Whether alarms ring, or the timer is set, in a moment. */
  #busy = false;
  #immediate: NodeJS.Immediate | undefined;
  #lastNumber = 0;
  #rung = 0;
  #late = 0;
  #dropped = 0;

  /**
   * @param send sends messages to clients
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

  /** Adds a client's alarm, which rings after this turn of the event loop at the earliest. */
  add(type: MessageType, id: RequestId, plan: AlarmPlan, now: bigint): Alarm | Failure {
    const own = this.#byType.get(type) ?? new Set();
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
    const alarm = new Alarm(++this.#lastNumber, type, id, plan, now);
    this.#byType.set(type, own.add(alarm));
    this.#byNumber.set(alarm.number, alarm);
    this.#heap.add(alarm);
    this.#waitSoon();
    return alarm;
  }

  /** Cancels an alarm of a client, or all of its. @returns how many */
  cancel(type: MessageType, number?: number): number {
    const own = this.#byType.get(type) ?? [];
    const cancelled = [...own].filter((alarm) => number === undefined || alarm.number === number);
    for (const alarm of cancelled) this.#remove(alarm);
    this.#waitSoon();
    return cancelled.length;
  }

  /** The first alarms of a client with higher numbers than this. */
  list(type: MessageType, after = 0): Pick<AlarmsReply, 'alarms' | 'more'> {
    const later = [...(this.#byType.get(type) ?? [])].filter(({ number }) => number > after);
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

  /** The clients are gone, with their queue. */
  dropAll(): void {
    this.#dropped += this.#byNumber.size;
    this.#heap.clear();
    this.#byNumber.clear();
    this.#byType.clear();
    this.#waitSoon();
  }

  /** Ends the wait; no alarm rings any more. */
  stop(): void {
    this.dropAll();
    clearImmediate(this.#immediate);
    this.#timer.clear();
  }

  #remove(alarm: Alarm): void {
    this.#byNumber.delete(alarm.number);
    const own = this.#byType.get(alarm.type);
    own?.delete(alarm);
    if (own?.size === 0) this.#byType.delete(alarm.type);
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
    for (let first = this.#heap.first; first !== undefined && first.next <= now; first = this.#heap.first) {
      if (ringing.length === BATCH) {
        this.#waitSoon();
        break;
      }
      ringing.push(this.#ring(first, now));
    }
    if (ringing.length > 0) this.#send(ringing);
    if (!this.#busy) this.#wait();
  }

  #ring(alarm: Alarm, now: bigint): Ringing {
    const turn = alarm.ring(now);
    if (turn.next === undefined) this.#remove(alarm);
    else this.#heap.postponed(alarm);
    this.#rung += 1;
    this.#dropped += turn.skipped;
    if (now - turn.at > LATE) this.#late += 1;
    return { type: alarm.type, reply: new RingEncoder(this.#clocks, alarm, turn) };
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

function whenShown(clocks: Clocks, moment: bigint): MachineMoment | undefined {
  return clocks.when === undefined ? { moment, clock: 'wall' } : clocks.when(moment);
}
