/**
 * How a receive waits: src/message-queue/receive-waits.ts on the loop's thread, native/waiter_thread.c on both sides, and one
 * waiting thread. States and steps have the names that they have there. Left out, since nothing hangs on it:
 * selections (all is about one), failures of the queue itself.
 *
 * A step is what happens without interruption: one system call, or what is done with a lock held. Script's own code
 * between two system calls is part of the former or the latter, as no other script runs meanwhile.
 */
import type { Model, Transition } from './explore.js';

type Body = 'empty' | 'bytes';

/** The body of the message that was taken, or why none was. */
type Result = Body | 'E2BIG' | 'EINTR';

/** What script does next, in the job that it is in the middle of. */
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
 * failed: by an error that is none of the queue's; refused: by E2BIG, the message being larger than the wait accepts;
 * overfed: it got such a message; wronged: it was refused one that it accepts.
 */
type WaitState =
  'not begun' | 'waiting' | 'resolved' | 'rejected' | 'failed' | 'refused' | 'overfed' | 'wronged';

/** any: accepts all, and is handed it; empty: accepts empty messages only (maxBytes: 0); left: `handOver: false`. */
export type Kind = 'any' | 'empty' | 'left';

export interface State {
  /** The kernel's queue. */
  readonly queue: readonly Body[];
  /** How many were sent so far, and taken by another process. */
  readonly sent: Readonly<Record<Body, number>>;
  readonly takenByOthers: Readonly<Record<Body, number>>;
  readonly delivered: Readonly<Record<Body, number>>;

  // Script.
  readonly waits: readonly WaitState[];
  readonly job: readonly Step[];
  readonly polling: boolean;
  /** A microtask goes on for those who wait, after what script has made of the message before. */
  readonly serveNext: boolean;
  /** Messages that were given to waits and that script has not seen: an exit would lose them. */
  readonly unseen: number;
  /** #blocked is set, and listens. */
  readonly blocked: boolean;
  /** The wait for whose sake; -1: none. */
  readonly blockedFor: number;
  readonly closed: boolean;
  /** A worker is being terminated: script can't run any more, and the loop still does. */
  readonly terminated: boolean;
  readonly exited: boolean;

  // The waiter.
  readonly state: 'PARKED' | 'WAITING' | 'DONE';
  readonly cancelled: boolean;
  /** Whether a body fits. */
  readonly room: boolean;
  readonly result: Result;
  /** Where its thread is: before the call, asleep in it, back from it, or about to wake the loop. */
  readonly thread: 'parked' | 'calling' | 'asleep' | 'returned' | 'waking';
  /** Whether it is among those that are done. */
  readonly listed: boolean;
  /** The loop was woken, however often, and has not run report_done since. */
  readonly woken: boolean;
  /** Signals of other people's that can still come in between. */
  readonly straySignals: number;
  /** Only for a mistake: the one signal of a cancellation was sent. */
  readonly interrupted: boolean;
}

/** Mistakes that could be made, to see that they are found. */
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
  /** In the order in which they come. */
  readonly waits: readonly Kind[];
  readonly messages: number;
  /** Whether waits poll before a thread waits for them, for as long as they like; true if not given. */
  readonly polls?: boolean;
  /** Whether a wait may let the event loop turn before it looks for a message (mustYield); true if not given. */
  readonly yields?: boolean;
}

const none = { empty: 0, bytes: 0 };

function addOne(counts: State['sent'], body: Body): State['sent'] {
  return { ...counts, [body]: counts[body] + 1 };
}

function isWaiting(state: State): boolean {
  return state.waits.includes('waiting');
}

/** The body that the thread has taken. */
function taken({ result }: State): Body | undefined {
  return result === 'empty' || result === 'bytes' ? result : undefined;
}

function then(state: State, ...steps: readonly Step[]): State {
  return { ...state, job: [...steps, ...state.job] };
}

/** The model of `waits` receives and `messages` messages, with one mistake or none. */
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

  /** Resolves the first wait. A message without a wait is lost, as it would be in the code. */
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
    // Script's jobs begin when no other is under way.
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

  /** Whether the thread has to be stopped when the first wait is cancelled. */
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

  /** #isAnswer: E2BIG is what the wait with the turn gets, if it has room for no more than that. */
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

  /** What a step leads to: nothing while it has to wait, more than one state where time decides. */
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

  /** #serve: one message for the first wait; those that refuse it leave it to the next. */
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

  /** stop_waiting sends signals until the thread has acknowledged. */
  function interrupt(state: State): State {
    if (mistake === 'interrupts once' && state.interrupted) return state;
    const sent = { ...state, cancelled: true, interrupted: mistake === 'interrupts once' };
    return state.thread === 'asleep' ? { ...sent, thread: 'returned', result: 'EINTR' } : sent;
  }

  /** #unblock, and what is done with a message that was handed over: at close it goes back, if it can. */
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

  /** With room for no bytes, msgrcv takes an empty message and leaves any other where it is. */
  function callReturns(state: State): State {
    const [first, ...queue] = state.queue;
    if (first === undefined) return { ...state, thread: 'asleep' };
    if (first === 'empty' || state.room) return { ...state, queue, thread: 'returned', result: first };
    if (mistake === 'waits with MSG_NOERROR') return { ...state, queue, thread: 'returned', result: 'empty' };
    return { ...state, thread: 'returned', result: 'E2BIG' };
  }

  /** Without the lock: it may have been cancelled or reported meanwhile, and wait again. */
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
      // Between two jobs script sees what it was given.
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

/** Every message is in the queue, in the thread's hands, delivered, or another process's. */
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
