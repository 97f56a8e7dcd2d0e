/**
 * How a send waits for room: src/message-queue/send-waits.ts on the loop's thread, native/waiter_thread.c on both sides, and one
 * thread that blocks in msgsnd. Sends are numbered in the order of their calls. As in receive-waiting.ts, whose
 * terms it shares, a step is atomic.
 */
import type { Model, Transition } from './explore.js';

type Step =
  | 'drain'
  | 'afterDrain'
  | 'block'
  | 'cancel'
  | 'afterCancel'
  | 'failAll'
  | `try ${number}`
  | `reject ${number}`;

type SendState = 'not begun' | 'waiting' | 'resolved' | 'rejected';

export interface State {
  /** The kernel's queue, which one message fills: the numbers of the sends, and -1 for another process's. */
  readonly queue: readonly number[];
  /** The numbers of the messages taken from it, in order, without the other process's. */
  readonly taken: readonly number[];
  readonly othersSent: number;

  // Script.
  readonly sends: readonly SendState[];
  readonly begun: number;
  readonly job: readonly Step[];
  readonly polling: boolean;
  /** #blocked: the send for which the thread is blocked; -1: none. */
  readonly blocked: number;
  readonly closed: boolean;

  // The waiter.
  readonly state: 'PARKED' | 'WAITING' | 'DONE';
  readonly cancelled: boolean;
  readonly result: 0 | 'EINTR';
  /** woken: by free room that it has not used yet; a signal that arrives meanwhile still ends its call. */
  readonly thread: 'parked' | 'calling' | 'asleep' | 'woken' | 'returned' | 'waking';
  readonly sending: number;
  /** Whether the waiter is in the list of finished ones, and whether the loop was woken. */
  readonly listed: boolean;
  readonly woken: boolean;
}

/** Mistakes in the code that the checker has to find. */
export type Mistake =
  | 'tries at once though others wait'
  | 'sends the next while a thread has the first'
  | 'takes every cancelled send for unsent'
  | 'forgets the others when the blocked one is cancelled'
  | 'leaves the thread blocked at close';

const CAPACITY = 1;

function hasRoom(state: State): boolean {
  return state.queue.length < CAPACITY;
}

function put(state: State, number: number): State {
  return { ...state, queue: [...state.queue, number] };
}

function settle(state: State, send: number, end: 'resolved' | 'rejected'): State {
  return state.sends[send] === 'waiting' ? { ...state, sends: state.sends.with(send, end) } : state;
}

function then(state: State, ...steps: readonly Step[]): State {
  return { ...state, job: [...steps, ...state.job] };
}

/** The model of this many sends on one handle, with at most one mistake. */
export function sendWaiting(count: number, mistake?: Mistake): Model<State> {
  const initial: State = {
    queue: [],
    taken: [],
    othersSent: 0,
    sends: Array.from({ length: count }, () => 'not begun'),
    begun: 0,
    job: [],
    polling: false,
    blocked: -1,
    closed: false,
    state: 'PARKED',
    cancelled: false,
    result: 'EINTR',
    thread: 'parked',
    sending: -1,
    listed: false,
    woken: false,
  };

  function* world(state: State): Generator<Transition<State>> {
    const by = 'world';
    const [first, ...queue] = state.queue;
    if (first !== undefined) {
      const taken = first === -1 ? state.taken : [...state.taken, first];
      // Free room wakes the threads that sleep in msgsnd, which then retry: do_msgsnd in the kernel's ipc/msg.c.
      const woken: State = state.thread === 'asleep' ? { ...state, thread: 'woken' } : state;
      yield { name: 'another program takes a message', next: { ...woken, queue, taken }, by };
    }
    if (hasRoom(state) && state.othersSent < 2) {
      const next = put({ ...state, othersSent: state.othersSent + 1 }, -1);
      yield { name: 'another process sends', next, by };
    }
    if (state.job.length > 0 || state.closed) return;
    yield { name: 'close()', next: close(state), by };
    if (state.begun < count) {
      const next = then({ ...state, begun: state.begun + 1 }, `try ${state.begun}`);
      yield { name: `send() ${state.begun}`, next, by };
    }
    for (const [send, end] of state.sends.entries()) {
      if (end === 'waiting') yield { name: `#giveUp ${send}`, next: giveUp(state, send), by };
    }
  }

  function close(state: State): State {
    const steps: Step[] =
      mistake === 'leaves the thread blocked at close' ? ['failAll'] : ['cancel', 'failAll'];
    return { ...then(state, ...steps), closed: true, polling: false };
  }

  function giveUp(state: State, send: number): State {
    if (state.blocked !== send) return then(state, `reject ${send}`);
    return then(state, 'cancel', `reject ${send}`, 'afterCancel');
  }

  function* script(state: State): Generator<Transition<State>> {
    const by = 'code';
    const [step, ...job] = state.job;
    if (step !== undefined) {
      for (const next of after(step, { ...state, job })) yield { name: step, next, by };
      if (step !== 'cancel' || state.state !== 'WAITING') return;
      const blocked = state.thread === 'asleep' || state.thread === 'woken';
      const interrupted: State = blocked ? { ...state, thread: 'returned', result: 'EINTR' } : state;
      yield { name: 'interrupt_thread', next: { ...interrupted, cancelled: true }, by };
      return;
    }
    if (state.woken) yield { name: 'report_done', next: reportDone(state), by };
    if (state.polling) yield { name: 'poll', next: then(state, 'drain', 'afterDrain'), by };
  }

  function after(step: Step, state: State): State[] {
    const first = state.sends.indexOf('waiting');
    switch (step) {
      case 'drain':
        if (first === -1 || !hasRoom(state)) return [state];
        return [then(settle(put(state, first), first, 'resolved'), 'drain')];
      case 'afterDrain':
        if (first === -1) return [{ ...state, polling: false }];
        return [state, then({ ...state, polling: false }, 'block')];
      case 'block':
        return [
          {
            ...state,
            blocked: first,
            sending: first,
            polling: mistake === 'sends the next while a thread has the first',
            state: 'WAITING',
            cancelled: false,
            thread: state.thread === 'parked' ? 'calling' : state.thread,
          },
        ];
      case 'cancel':
        return cancel(state);
      case 'afterCancel': {
        const forgotten = mistake === 'forgets the others when the blocked one is cancelled';
        return [{ ...state, polling: first !== -1 && !forgotten }];
      }
      case 'failAll':
        return [{ ...state, sends: state.sends.map((end) => (end === 'waiting' ? 'rejected' : end)) }];
      default:
        return afterOne(step, state);
    }
  }

  function afterOne(step: `try ${number}` | `reject ${number}`, state: State): State[] {
    const [what, number] = step.split(' ');
    const send = Number(number);
    if (what === 'reject') {
      const rejected = settle(state, send, 'rejected');
      return [rejected.sends.includes('waiting') ? rejected : { ...rejected, polling: false }];
    }
    const alone = !state.sends.includes('waiting');
    const waiting: State = { ...state, sends: state.sends.with(send, 'waiting') };
    const polling: State = { ...waiting, polling: state.polling || alone };
    if ((alone || mistake === 'tries at once though others wait') && hasRoom(state)) {
      // mustYield: once in a number of sends the event loop turns first.
      return [settle(put(waiting, send), send, 'resolved'), polling];
    }
    return [polling];
  }

  /** #settle: if the thread could still send its message, that send counts. */
  function settled(state: State): State {
    const awake: State = { ...state, listed: false, state: 'PARKED', blocked: -1 };
    return state.result === 0 ? settle(awake, state.sending, 'resolved') : awake;
  }

  function cancel(state: State): State[] {
    if (state.blocked === -1) return [state];
    if (state.state === 'WAITING') return [];
    if (mistake === 'takes every cancelled send for unsent') return [settled({ ...state, result: 'EINTR' })];
    return [settled(state)];
  }

  function reportDone(state: State): State {
    const told = { ...state, woken: false };
    if (!state.listed) return told;
    const next = settled(told);
    return next.sends.includes('waiting') ? { ...next, polling: true } : next;
  }

  /** The lock is not held: the send may have been cancelled or reported meanwhile, and the waiter may be in use again. */
  function wakeLoop(state: State): State {
    return { ...state, woken: true, thread: state.state === 'WAITING' ? 'calling' : 'parked' };
  }

  function* thread(state: State): Generator<Transition<State>> {
    const by = 'code';
    if (state.thread === 'calling' || state.thread === 'woken') {
      const next: State = hasRoom(state)
        ? { ...put(state, state.sending), thread: 'returned', result: 0 }
        : { ...state, thread: 'asleep' };
      yield { name: 'msgsnd', next, by };
    }
    if (state.thread === 'calling' && state.cancelled) {
      yield { name: 'cancelled before', next: { ...state, thread: 'returned', result: 'EINTR' }, by };
    }
    if (state.thread === 'waking') {
      yield { name: 'loop_call_wake', next: wakeLoop(state), by };
    }
    if (state.thread !== 'returned') return;
    if (state.result === 'EINTR' && !state.cancelled) {
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
    transitions: (state) => [...world(state), ...script(state), ...thread(state)],
    wrong,
    wrongAtRest,
  };
}

function wrong(state: State): string | undefined {
  const sent = [...state.taken, ...state.queue.filter((number) => number !== -1)];
  if (sent.some((number, index) => index > 0 && number <= (sent[index - 1] ?? -1))) {
    return 'sends changed their order, or one was made twice';
  }
  for (const [send, end] of state.sends.entries()) {
    if (end === 'resolved' && !sent.includes(send)) return 'a send that was not made was resolved';
    if (end === 'rejected' && sent.includes(send)) return 'a send that was made was rejected';
  }
  return undefined;
}

function wrongAtRest(state: State): string | undefined {
  if (state.job.length > 0) return `deadlock: script hangs in ${state.job[0]}`;
  const waiting = state.sends.includes('waiting');
  if (waiting && state.thread !== 'asleep') return 'a send is pending and room would be not noticed';
  if (waiting && hasRoom(state)) return 'lost wake-up: there is room and a send is pending';
  if (!waiting && state.thread !== 'parked') return 'a thread sends without a wait';
  return undefined;
}
