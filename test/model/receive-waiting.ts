/**
 * How a receive waits: src/message-queue/receive-waits.ts on the loop's thread, native/waiter_thread.c on both sides, and one
 * waiting thread. States and steps have the same names as there. Left out, as they make no difference:
 * selections (there is only one) and failures of the queue itself.
 *
 * A step is atomic: one system call, or the code of one critical section. Script's own code
 * between two system calls belongs to either of them, as no other script runs meanwhile.
 */
import type { Model, Transition } from './explore.js';

type Body = 'empty' | 'bytes';

/** The body of the received message, or why there is none. */
type Result = Body | 'E2BIG' | 'EINTR';

/** The next step of script's current job. */
type Step =
  | 'pollOrBlock'
  | 'block'
  | 'serve'
  | 'afterPoll'
  | 'serveOrWait'
  | 'cancel'
  | 'cancel to close'
  | 'failAll'
  | 'abandon'
  | `take ${number}`
  | `reject ${number}`;

/**
 * failed: by an error that is not the queue's; refused: by E2BIG, because the message is larger than the wait accepts;
 * overfed: it received such a message; wronged: it was refused a message that it accepts.
 */
type WaitState =
  'not begun' | 'waiting' | 'resolved' | 'rejected' | 'failed' | 'refused' | 'overfed' | 'wronged';

/** any: accepts all messages, and is handed them; empty: accepts only empty ones (maxBytes: 0); left: `handOver: false`. */
export type Kind = 'any' | 'empty' | 'left';

export interface State {
  /** The kernel's queue. */
  readonly queue: readonly Body[];
  /** How many messages were sent so far, and how many of them another process took. */
  readonly sent: Readonly<Record<Body, number>>;
  readonly takenByOthers: Readonly<Record<Body, number>>;
  readonly delivered: Readonly<Record<Body, number>>;

  // Script.
  readonly waits: readonly WaitState[];
  readonly job: readonly Step[];
  readonly polling: boolean;
  /** A microtask serves the next waits, after script has handled the previous message. */
  readonly serveNext: boolean;
  /** Messages with which waits resolved before script ran again: an exit would lose them. */
  readonly unseen: number;
  /** #blocked is set and has a listener. */
  readonly blocked: boolean;
  /** The wait for which the thread is blocked; -1: none. */
  readonly blockedFor: number;
  readonly closed: boolean;
  /** The worker is being terminated: script can't run any more, but the loop still does. */
  readonly terminated: boolean;
  readonly exited: boolean;

  // The waiter.
  readonly state: 'PARKED' | 'WAITING' | 'DONE';
  readonly cancelled: boolean;
  /** Whether its buffer has room for a body. */
  readonly room: boolean;
  readonly result: Result;
  /** Where its thread is: before the call, asleep in it, back from it, or about to wake the loop. */
  readonly thread: 'parked' | 'calling' | 'asleep' | 'returned' | 'waking';
  /** Whether the waiter is in the list of finished ones. */
  readonly listed: boolean;
  /** The loop was woken at least once and has not run report_done since. */
  readonly woken: boolean;
  /** How many signals of other programs can still arrive. */
  readonly straySignals: number;
  /** Only for a mistake: the single signal of a cancellation was sent. */
  readonly interrupted: boolean;
}

/** Mistakes in the code that the checker has to find. */
export type Mistake =
  | 'arms before it serves'
  | 'serves several waits at once'
  | 'drops a message at cancel'
  | 'drops a body at cancel'
  | 'puts nothing back at exit'
  | 'puts only empty messages back'
  | 'hands a message to script that is terminated'
  | 'drops a message at close'
  | 'lets the thread take what the next wait refuses'
  | 'refuses whichever wait is the first'
  | 'interrupts once'
  | 'leaves a cancelled wait among those that are done'
  | 'does not arm again when the message was gone'
  | 'leaves the thread armed when the last wait is cancelled'
  | 'waits with MSG_NOERROR'
  | 'does not call again after EINTR';

export interface Size {
  /** In the order of their arrival. */
  readonly waits: readonly Kind[];
  readonly messages: number;
  /** Whether waits poll, for any length of time, before a thread waits for them; true by default. */
  readonly polls?: boolean;
  /** Whether a wait may let the event loop turn before it looks for a message (mustYield); true by default. */
  readonly yields?: boolean;
}

const none = { empty: 0, bytes: 0 };

function addOne(counts: State['sent'], body: Body): State['sent'] {
  return { ...counts, [body]: counts[body] + 1 };
}

function isWaiting(state: State): boolean {
  return state.waits.includes('waiting');
}

/** The body that the thread received. */
function taken({ result }: State): Body | undefined {
  return result === 'empty' || result === 'bytes' ? result : undefined;
}

function then(state: State, ...steps: readonly Step[]): State {
  return { ...state, job: [...steps, ...state.job] };
}

/** The model of `waits` receives and `messages` messages, with at most one mistake. */
export function receiveWaiting(size: Size, mistake?: Mistake): Model<State> {
  const initial: State = {
    queue: [],
    sent: none,
    takenByOthers: none,
    delivered: none,
    waits: size.waits.map(() => 'not begun'),
    job: [],
    polling: false,
    serveNext: false,
    unseen: 0,
    blocked: false,
    blockedFor: -1,
    closed: false,
    terminated: false,
    exited: false,
    state: 'PARKED',
    cancelled: false,
    room: false,
    result: 'EINTR',
    thread: 'parked',
    listed: false,
    woken: false,
    straySignals: 1,
    interrupted: false,
  };

  function accepts(index: number, body: Body): boolean {
    return body === 'empty' || size.waits[index] !== 'empty';
  }

  /** #roomFor: whether a body fits. */
  function roomFor(index: number): boolean {
    return size.waits[index] === 'any';
  }

  /** Resolves the first wait. Without a wait the message is lost, as in the code. */
  function deliver(state: State, body: Body): State {
    const first = state.waits.indexOf('waiting');
    if (first === -1) return state;
    return {
      ...state,
      waits: state.waits.with(first, accepts(first, body) ? 'resolved' : 'overfed'),
      delivered: addOne(state.delivered, body),
      unseen: state.unseen + 1,
    };
  }

  /** E2BIG. */
  function refuse(state: State, index: number): State {
    if (state.waits[index] !== 'waiting') return state;
    return { ...state, waits: state.waits.with(index, accepts(index, 'bytes') ? 'wronged' : 'refused') };
  }

  /** msgrcv with IPC_NOWAIT, for the first wait. */
  function takeOne(state: State): State {
    const [body, ...queue] = state.queue;
    if (body === undefined) return state;
    const first = state.waits.indexOf('waiting');
    return accepts(first, body) ? deliver({ ...state, queue }, body) : refuse(state, first);
  }

  // ---- the world ----

  /** msgsnd: the kernel hands the message to a thread that sleeps in msgrcv, or wakes it if there is no room. */
  function send(state: State, body: Body): State {
    const sent = { ...state, sent: addOne(state.sent, body) };
    if (state.thread !== 'asleep') return { ...sent, queue: [...state.queue, body] };
    return callReturns({ ...sent, queue: [...state.queue, body] });
  }

  function* world(state: State): Generator<Transition<State>> {
    const by = 'world';
    if (state.sent.empty + state.sent.bytes < size.messages) {
      yield { name: 'another program sends an empty message', next: send(state, 'empty'), by };
      yield { name: 'another program sends a message', next: send(state, 'bytes'), by };
    }
    const [first, ...queue] = state.queue;
    if (first !== undefined) {
      const takenByOthers = addOne(state.takenByOthers, first);
      yield { name: 'another process takes a message', next: { ...state, queue, takenByOthers }, by };
    }
    if (state.straySignals > 0 && state.thread === 'asleep') {
      const next: State = { ...state, straySignals: 0, thread: 'returned', result: 'EINTR' };
      yield { name: 'a stray signal', next, by };
    }
    // A job of script begins when no other job is running.
    if (state.job.length > 0 || state.exited || state.terminated) return;
    yield { name: 'the process exits', next: exit(state), by };
    yield { name: 'terminate()', next: { ...state, terminated: true, polling: false }, by };
    if (state.closed) return;
    const closing: State = { ...then(state, 'cancel to close', 'failAll'), closed: true, polling: false };
    yield { name: 'close()', next: closing, by };
    const next = state.waits.indexOf('not begun');
    if (next !== -1) yield { name: `receive() ${next}`, next: then(state, `take ${next}`), by };
    for (const [index, wait] of state.waits.entries()) {
      if (wait === 'waiting') yield { name: `#giveUp ${index}`, next: giveUp(state, index), by };
    }
  }

  function exit(state: State): State {
    return { ...then(state, 'abandon'), exited: true };
  }

  // ---- script ----

  function giveUp(state: State, index: number): State {
    const [first, next] = state.waits.flatMap((wait, at) => (wait === 'waiting' ? [at] : []));
    const given: State = next === undefined ? { ...state, polling: false } : state;
    if (index !== first || !stops(state, next)) return then(given, `reject ${index}`);
    return then(given, 'cancel', `reject ${index}`, ...(state.blocked ? (['block'] as const) : []));
  }

  /** Whether cancelling the first wait must stop the thread. */
  function stops(state: State, next: number | undefined): boolean {
    if (next === undefined) return mistake !== 'leaves the thread armed when the last wait is cancelled';
    if (mistake === 'lets the thread take what the next wait refuses') return false;
    return !state.blocked || state.room !== roomFor(next);
  }

  function* jobs(state: State): Generator<Transition<State>> {
    if (state.exited) return;
    if (state.serveNext && !state.terminated) {
      yield { name: 'serveNext', next: then({ ...state, serveNext: false }, 'serveOrWait'), by: 'code' };
      return;
    }
    if (state.woken) yield { name: 'report_done', next: reportDone(state), by: 'code' };
    if (state.terminated) yield { name: 'the worker exits', next: exit(state), by: 'code' };
    if (state.polling) yield { name: 'poll', next: then(state, 'serve', 'afterPoll'), by: 'code' };
  }

  function reportDone(state: State): State {
    const told = { ...state, woken: false };
    if (!state.listed) return told;
    // collect, park, then the listener: #awake and #ended.
    const awake: State = { ...told, listed: false, state: 'PARKED', blocked: false, blockedFor: -1 };
    const body = taken(state);
    if (state.terminated) {
      return mistake === 'hands a message to script that is terminated' ? awake : putBack(awake, body);
    }
    if (state.result === 'EINTR') return then(awake, 'failAll');
    const served = body === undefined ? answerOf(awake, state) : deliver(awake, body);
    if (mistake === 'arms before it serves') return then(served, 'block', 'serve');
    return body === undefined ? then(served, 'serveOrWait') : { ...served, serveNext: isWaiting(served) };
  }

  /** #isAnswer: the wait whose turn it is fails with E2BIG if its own limit is that small. */
  function answerOf(state: State, { blockedFor, room }: State): State {
    const whose =
      mistake === 'refuses whichever wait is the first' ? state.waits.indexOf('waiting') : blockedFor;
    return !room && size.waits[blockedFor] === 'empty' ? refuse(state, whose) : state;
  }

  function* script(state: State): Generator<Transition<State>> {
    const [step, ...job] = state.job;
    if (step === undefined) {
      yield* jobs(state);
      return;
    }
    for (const next of after(step, { ...state, job })) yield { name: step, next, by: 'code' };
    if (step !== 'cancel' && step !== 'cancel to close' && step !== 'abandon') return;
    if (state.state !== 'WAITING') return;
    yield { name: 'interrupt_thread', next: interrupt(state), by: 'code' };
  }

  /** The states after a step: none while the step is blocked, several if timing decides. */
  function after(step: Step, state: State): State[] {
    switch (step) {
      case 'pollOrBlock':
        return size.polls === false
          ? [then(state, 'block')]
          : [{ ...state, polling: true }, then(state, 'block')];
      case 'block':
        return [block(state)];
      case 'serve':
        return [serve(state)];
      case 'afterPoll':
        if (!isWaiting(state)) return [{ ...state, polling: false }];
        return [state, then({ ...state, polling: false }, 'block')];
      case 'serveOrWait':
        return [serveOrWait(state)];
      case 'cancel':
      case 'cancel to close':
        return cancel(state, step);
      case 'failAll': {
        const end = state.closed ? 'rejected' : 'failed';
        return [{ ...state, waits: state.waits.map((wait) => (wait === 'waiting' ? end : wait)) }];
      }
      case 'abandon':
        return abandon(state);
      default:
        return afterOne(step, state);
    }
  }

  /** #serve: takes one message for the first wait that accepts it. */
  function serve(state: State): State {
    if (!isWaiting(state) || state.queue.length === 0) return state;
    const next = takeOne(state);
    const served = next.unseen > state.unseen && mistake !== 'serves several waits at once';
    return served ? next : serve(next);
  }

  function serveOrWait(state: State): State {
    if (!isWaiting(state) || state.blocked || state.polling) return state;
    const next = serve(state);
    if (next.unseen > state.unseen) return { ...next, serveNext: isWaiting(next) };
    const gone = mistake === 'does not arm again when the message was gone';
    return isWaiting(next) && !gone ? then(next, 'pollOrBlock') : next;
  }

  function afterOne(step: `take ${number}` | `reject ${number}`, state: State): State[] {
    const [what, number] = step.split(' ');
    const index = Number(number);
    const wait = state.waits[index];
    if (what === 'reject') {
      return [wait === 'waiting' ? { ...state, waits: state.waits.with(index, 'rejected') } : state];
    }
    const waiting: State = { ...state, waits: state.waits.with(index, 'waiting') };
    if (isWaiting(state)) return [waiting];
    const later = then(waiting, 'pollOrBlock');
    if (state.queue.length === 0) return [later];
    return size.yields === false ? [takeOne(waiting)] : [takeOne(waiting), later];
  }

  function block(state: State): State {
    const first = state.waits.indexOf('waiting');
    if (first === -1) return state;
    return {
      ...state,
      blocked: true,
      blockedFor: first,
      state: 'WAITING',
      cancelled: false,
      room: roomFor(first),
      interrupted: false,
      thread: state.thread === 'parked' ? 'calling' : state.thread,
    };
  }

  // ---- the waiter ----

  /** stop_waiting sends signals until the thread acknowledges. */
  function interrupt(state: State): State {
    if (mistake === 'interrupts once' && state.interrupted) return state;
    const sent = { ...state, cancelled: true, interrupted: mistake === 'interrupts once' };
    return state.thread === 'asleep' ? { ...sent, thread: 'returned', result: 'EINTR' } : sent;
  }

  /** #unblock. At close, a message that was handed over goes back to the queue if there is room. */
  function cancel(state: State, step: 'cancel' | 'cancel to close'): State[] {
    if (!state.blocked) return [state];
    if (state.state === 'WAITING') return [];
    const listed = mistake === 'leaves a cancelled wait among those that are done' && state.listed;
    const awake: State = { ...state, listed, state: 'PARKED', blocked: false, blockedFor: -1 };
    const body = taken(state);
    const dropped =
      mistake === 'drops a message at cancel' || (mistake === 'drops a body at cancel' && body === 'bytes');
    if (body === undefined || dropped) return [awake];
    if (step === 'cancel') return [deliver(awake, body)];
    return mistake === 'drops a message at close' ? [awake] : [putBack(awake, body), deliver(awake, body)];
  }

  function putBack(state: State, body: Body | undefined): State {
    const lost = mistake === 'puts only empty messages back' && body === 'bytes';
    return body === undefined || lost ? state : { ...state, queue: [...state.queue, body] };
  }

  function abandon(state: State): State[] {
    if (state.state === 'WAITING') return [];
    const body = state.state === 'DONE' && mistake !== 'puts nothing back at exit' ? taken(state) : undefined;
    return [putBack({ ...state, state: 'PARKED', blocked: false, blockedFor: -1 }, body)];
  }

  // ---- the waiter's thread ----

  /** With a zero-length buffer, msgrcv takes an empty message and leaves any other queued (E2BIG): msgrcv(2). */
  function callReturns(state: State): State {
    const [first, ...queue] = state.queue;
    if (first === undefined) return { ...state, thread: 'asleep' };
    if (first === 'empty' || state.room) return { ...state, queue, thread: 'returned', result: first };
    if (mistake === 'waits with MSG_NOERROR') return { ...state, queue, thread: 'returned', result: 'empty' };
    return { ...state, thread: 'returned', result: 'E2BIG' };
  }

  /** The lock is not held: the wait may have been cancelled or reported meanwhile, and the waiter may be in use again. */
  function wakeLoop(state: State): State {
    return { ...state, woken: true, thread: state.state === 'WAITING' ? 'calling' : 'parked' };
  }

  function* thread(state: State): Generator<Transition<State>> {
    const by = 'code';
    if (state.thread === 'calling') yield { name: 'msgrcv', next: callReturns(state), by };
    if (state.thread === 'calling' && state.cancelled) {
      yield { name: 'cancelled before', next: { ...state, thread: 'returned', result: 'EINTR' }, by };
    }
    if (state.thread === 'waking') yield { name: 'loop_call_wake', next: wakeLoop(state), by };
    if (state.thread !== 'returned') return;
    const again =
      state.result === 'EINTR' && !state.cancelled && mistake !== 'does not call again after EINTR';
    if (again) {
      yield { name: 'EINTR', next: { ...state, thread: 'calling' }, by };
      return;
    }
    const next: State = state.cancelled
      ? { ...state, state: 'DONE', thread: 'parked' }
      : { ...state, state: 'DONE', thread: 'waking', listed: true };
    yield { name: 'DONE', next, by };
  }

  return {
    initial,
    transitions: (before) => {
      // Between two jobs, script handles the messages that its waits resolved with.
      const state = before.job.length === 0 ? { ...before, unseen: 0 } : before;
      return [...world(state), ...script(state), ...thread(state)];
    },
    wrong: (state) => {
      if (state.unseen > 1) return 'an exit would lose what script has not seen';
      if (state.waits.includes('failed')) return 'a receive failed for no reason';
      if (state.waits.includes('overfed')) return 'a receive got more than it accepts';
      if (state.waits.includes('wronged')) return 'a receive was refused what it accepts';
      return lostMessage(state);
    },
    wrongAtRest,
  };
}

/** Every message is queued, held by the thread, delivered, or taken by another process. */
function lostMessage(state: State): string | undefined {
  const inHands = state.thread === 'returned' || state.state === 'DONE' ? taken(state) : undefined;
  for (const body of ['empty', 'bytes'] as const) {
    const inQueue = state.queue.filter((each) => each === body).length;
    const there = inQueue + state.delivered[body] + state.takenByOthers[body] + (inHands === body ? 1 : 0);
    if (there !== state.sent[body]) return `a message was ${there < state.sent[body] ? 'lost' : 'doubled'}`;
  }
  return undefined;
}

function wrongAtRest(state: State): string | undefined {
  if (state.job.length > 0) return `deadlock: script hangs in ${state.job[0]}`;
  if (state.exited) return undefined;
  if (isWaiting(state) && state.queue.length > 0)
    return 'lost wake-up: a message is there and a wait is pending';
  if (isWaiting(state) && state.thread !== 'asleep')
    return 'a wait is pending and a message would be not noticed';
  if (!isWaiting(state) && state.thread !== 'parked') return 'a thread waits without a wait';
  return undefined;
}
