import { inFile, type GuardedModule } from '../mutation.js';

const script = 'packages/mq-native/src';
const native = 'packages/mq-native/native';

export const waiting: GuardedModule = {
  name: 'waiting',
  mutations: [
    ...inFile(`${native}/waiter_thread.c`, 'addon/threads', [
      {
        what: 'a thread that misses the signal gets no other one, and its wait cannot be ended',
        find: 'INTERRUPT_TRIES = 100000,',
        replace: 'INTERRUPT_TRIES = 1,',
      },
      {
        what: 'a signal that comes late ends the next wait of its thread',
        find: 'while (result == -EINTR && !atomic_load(&waiter->cancelled))',
        replace: 'if (!atomic_load(&waiter->cancelled))',
      },
    ]),
    ...inFile(`${native}/waiter_thread.c`, 'addon/interrupts', [
      {
        what: 'a message that came after its wait had ended is lost',
        find: '  if (waiter->kind == WAIT_RECEIVE) put_back(waiter->id, waiter->payload, (size_t)result);\n',
        replace: '',
      },
      {
        what: 'a permit that came after its wait had ended is lost',
        find: '  if (waiter->kind == WAIT_OPERATE)\n    semaphore_take_back(waiter->id, (struct sembuf *)waiter->payload, waiter->size);\n',
        replace: '',
      },
    ]),
    ...inFile(`${native}/waiter_thread.c`, 'model/replay', [
      {
        what: 'a message that a thread had taken when its wait was cancelled is lost',
        find: '    waiter->result = result;\n',
        replace: '    waiter->result = atomic_load(&waiter->cancelled) ? -EINTR : result;\n',
      },
      {
        what: 'a cancelled wait is reported to the next wait of its thread',
        find: '  remove_done(waiter);\n',
        replace: '  if (!atomic_load(&waiter->cancelled)) remove_done(waiter);\n',
      },
      {
        what: 'another library’s signal ends a wait',
        find: '      result = make_call(waiter);\n',
        replace: '      if ((result = make_call(waiter)) == -EINTR) break;\n',
      },
      {
        what: 'a message that is longer than a wait accepts is taken and cut',
        find: 'waiter->size, waiter->type, waiter->flags);',
        replace: 'waiter->size, waiter->type, waiter->flags | MSG_NOERROR);',
      },
      {
        what: 'the wait after one that was cancelled does not begin',
        find: '  waiter->id = id;\n  atomic_store(&waiter->cancelled, false);\n',
        replace: '  waiter->id = id;\n',
      },
      {
        what: 'script does not learn that a wait has ended',
        find: '    if (!cancelled) loop_call_wake(',
        replace: '    if (cancelled) loop_call_wake(',
      },
    ]),
    ...inFile(`${native}/waiter_pool.c`, 'model/replay', [
      {
        what: 'a wait gets the result of another one',
        find: '    int index = waiter->index;\n',
        replace: '    int index = waiter->index ^ (pool->parked + 1 < pool->count ? 1 : 0);\n',
      },
      {
        what: 'the next wait of a thread writes where the message is that it took before',
        find: '  waiter->payload = taken->message;\n',
        replace: '',
      },
      {
        what: 'a message taken during the cancellation of its wait cannot be fetched',
        find: '  if (waiter->kind == WAIT_RECEIVE && waiter->result >= 0) hold_taken(pool, waiter);',
        replace:
          '  if (waiter->kind == WAIT_RECEIVE && waiter->result >= 0 && !waiter->cancelled) hold_taken(pool, waiter);',
      },
      {
        what: 'a message that was taken for a worker that exits is lost',
        find: 'if (taken->held && put_back_now(taken->id, taken->message, taken->size)) taken->held',
        replace: 'if (taken->held) taken->held',
      },
    ]),
    ...inFile(`${native}/wait_calls.c`, 'model/replay', [
      {
        what: 'a wait gets a message that is one byte longer than it accepts',
        find: '  waiter->size = room;\n',
        replace: '  waiter->size = room + 1;\n',
      },
      {
        what: 'a wait refuses a message that is as long as it accepts',
        find: '  memcpy(&waiter->type, addon->message, sizeof waiter->type);\n',
        replace: '  memcpy(&waiter->type, addon->message, sizeof waiter->type);\n  if (room > 0) room--;\n',
      },
      {
        what: 'a wait gets a message of any type',
        find: '  memcpy(&waiter->type, addon->message, sizeof waiter->type);\n',
        replace: '  waiter->type = 0;\n',
      },
    ]),
    ...inFile(`${script}/message-queue/receive-waits.ts`, 'model/replay', [
      {
        what: 'a message that is larger than a wait accepts is refused to the one after it',
        find: 'this.#refuse(waiting);\n      this',
        replace: 'this.#refuse(this.#waits.first ?? waiting);\n      this',
      },
      {
        what: 'a wait gets more than it accepts because its thread kept the buffer size of the wait before',
        find: '(next === undefined || this.#roomFor(next.what) !== blocked?.room);',
        replace: 'after === undefined;',
      },
      {
        what: 'a thread takes a message for a wait that was cancelled',
        find: '(next === undefined || this.#roomFor(next.what) !== blocked?.room);',
        replace: 'after !== undefined && this.#roomFor(after.what) !== blocked?.room;',
      },
      {
        what: 'a message that was handed over while its handle was closed is lost',
        find: 'if (message !== undefined && !this.#context.queue.putBack(message)) {',
        replace: 'if (message === undefined) {',
      },
      {
        what: 'a message that was handed over while its wait was cancelled is lost',
        find: '      if (message !== undefined) this.#deliver(message, performance.now());\n',
        replace: '',
      },
      {
        what: 'no thread waits any more after one woke up for a message that was gone',
        find: '    else if (this.#waits.size > 0) this.#pollOrBlock(now);\n',
        replace: '',
      },
    ]),
    ...inFile(`${script}/message-queue/send-waits.ts`, 'model/replay', [
      {
        what: 'a send that happened during its cancellation is reported as cancelled',
        find: 'this.#settle(cancel(this.#blocked.waiter), performance.now());',
        replace: 'this.#settle(Math.min(cancel(this.#blocked.waiter), -EINTR), performance.now());',
      },
      {
        what: 'the sends behind one that was cancelled are never made',
        find: '    else if (blocked) startPolling(this);\n',
        replace: '',
      },
      {
        what: 'a thread makes a send after its handle was closed',
        find: '    this.#unblock();\n    const error',
        replace: '    const error',
      },
      {
        what: 'the sends behind one that a thread has made are never made',
        find: '    if (this.#waits.size > 0) {\n      this.#pollUntil = now',
        replace: '    if (this.#waits.size < 0) {\n      this.#pollUntil = now',
      },
    ]),
    ...inFile(`${script}/message-queue/message-queue.ts`, 'model/replay', [
      {
        what: 'a send overtakes those of its handle that wait for room',
        find: '        this.#sends.pending === 0 &&\n',
        replace: '',
      },
    ]),
    ...inFile(`${native}/waiter_pool.c`, 'mq-native/waiting', [
      {
        what: 'the end of very many waits at once stops the event loop',
        find: 'REPORTS_PER_TURN = 4,',
        replace: 'REPORTS_PER_TURN = 100000,',
      },
    ]),
    ...inFile(`${native}/wait_calls.c`, 'semaphores/operate', [
      {
        what: 'a program with a wait pending ends',
        find: 'loop_call_keep_alive(pool->done.report, before == 0);',
        replace: 'loop_call_keep_alive(pool->done.report, false);',
      },
      {
        what: 'a program whose waits are over, or unrefed, never ends',
        find: 'loop_call_keep_alive(pool->done.report, before == 0);',
        replace: 'loop_call_keep_alive(pool->done.report, true);',
      },
    ]),
    ...inFile(`${native}/waiter_pool.c`, 'mq-native/put-back', [
      {
        what: 'a message that a thread has taken and not reported is lost at process.exit',
        find: 'if (waiter == NULL || !has_message(waiter)) continue;',
        replace: 'if (waiter == NULL || !has_message(waiter) || waiter->result >= 0) continue;',
      },
      {
        what: 'a message is put back again each time that another one finds no room',
        find: '      waiter->result = -EINTR;\n',
        replace: '      waiter->flags = 0;\n',
      },
      {
        what: 'a message held by a thread is lost at process.exit',
        find: '  if (pool != NULL) abandon_waits(pool);\n',
        replace: '  (void)pool;\n',
      },
    ]),
    ...inFile(`${native}/wait_calls.c`, 'mq-native/cancel-races', [
      {
        what: 'a message that comes at the moment of a cancellation is lost',
        find: '  return int_result(env, waiter_pool_finish(addon->waiters, waiter));\n',
        replace: '  waiter_pool_finish(addon->waiters, waiter);\n  return int_result(env, -EINTR);\n',
      },
    ]),
    ...inFile(`${native}/put_back.c`, 'mq-native/put-back', [
      {
        what: 'readers of a full queue get no time to make room for what is put back',
        find: 'return monotonic_nanoseconds() + NANOSECONDS_PER_SECOND;',
        replace: 'return monotonic_nanoseconds();',
      },
      {
        what: 'a program never ends while a full queue has no room for what it puts back',
        find: 'return monotonic_nanoseconds() < deadline;',
        replace: 'return monotonic_nanoseconds() != deadline;',
      },
      {
        what: 'a message that does not fit at once counts as put back',
        find: 'return result == 0 || errno != EAGAIN;',
        replace: 'return result == 0 || errno == EAGAIN;',
      },
    ]),
    ...inFile(`${native}/interrupt.c`, 'addon/interrupts', [
      {
        what: 'a user whose queue of signals is full cannot end waits',
        find: 'if (error != EAGAIN) return error;',
        replace: 'return error;',
      },
      {
        what: 'a signal is sent that a library has taken for itself',
        find: 'if (!is_ours(*claimed)) *claimed = claim_another();',
        replace: 'if (*claimed == 0) *claimed = claim_another();',
      },
    ]),
    ...inFile(`${native}/interrupt.c`, 'addon/threads', [
      {
        what: 'a thread that waits takes signals that are meant for others',
        find: '  sigfillset(blocked);\n',
        replace: '  sigemptyset(blocked);\n',
      },
    ]),
    ...inFile(`${script}/semaphore/semaphore-waits.ts`, 'semaphores/operate', [
      {
        what: 'an operation that was refused when its wait was cancelled is reported as refused',
        find: 'if (result !== -EINTR && result !== -EAGAIN) this',
        replace: 'if (result !== -EINTR) this',
      },
    ]),
    ...inFile(`${script}/semaphore/semaphore-set.ts`, 'semaphores/operate', [
      {
        what: 'close leaves the waits of its handle',
        find: '    this.#waits.close();\n',
        replace: '',
      },
    ]),
    ...inFile(`${script}/waiting/wait.ts`, 'semaphores/operate', [
      {
        what: 'the timeout of a wait that is over ends the next one',
        find: '    if (this.#timer !== undefined) clearTimeout(this.#timer);\n',
        replace: '',
      },
      {
        what: 'the timeout of an unrefed wait keeps the program alive',
        find: '}, timeout).unref();',
        replace: '}, timeout);',
      },
    ]),
    ...inFile(`${script}/waiting/wait.ts`, 'mq-native/waiting', [
      {
        what: 'a wait that is over still listens to its signal',
        find: '    this.#forgetSignal?.();\n',
        replace: '',
      },
    ]),
    ...inFile(`${script}/waiting/wait-options.ts`, 'semaphores/operate', [
      {
        what: 'a signal that is aborted already does not keep an operation from being done',
        find: '  if (signal.aborted) throw new AbortError(signal);\n',
        replace: '',
      },
    ]),
    ...inFile(`${script}/waiting/rejection.ts`, 'mq-native/wait-errors', [
      {
        what: 'an error that ends many waits names the line of one of them',
        find: '  if (!told.has(error)) return error;\n',
        replace: '  if (told !== undefined) return error;\n',
      },
      {
        what: 'an error that ends a wait names no line of the program',
        find: '    Error.captureStackTrace(own, reject);\n',
        replace: '',
      },
    ]),
    ...inFile(`${script}/waiting/turn.ts`, 'semaphores/operate', [
      {
        what: 'operations that succeed at once stop the event loop',
        find: 'const OPERATIONS = 16;',
        replace: 'const OPERATIONS = 1e12;',
      },
    ]),
    ...inFile(`${script}/waiting/blocking.ts`, 'semaphores/process-life', [
      {
        what: 'a worker that blocks cannot be terminated',
        find: 'isMainThread ? Infinity : WORKER_STRETCH',
        replace: 'isMainThread ? Infinity : 1e9',
      },
      {
        what: 'a call that blocks does not let signal handlers run',
        find: 'return !handlesSignals();',
        replace: 'return true;',
      },
    ]),
    ...inFile(`${script}/waiting/blocking.ts`, 'semaphores/operate', [
      {
        what: 'the timeout of a worker that blocks never passes',
        find: 'stretch() !== Infinity && performance.now() < until;',
        replace: 'stretch() !== Infinity;',
      },
    ]),
    ...inFile(`${script}/waiting/blocking.ts`, 'mq-native/signals', [
      {
        what: 'a call that blocks fails when a child process ends',
        find: 'return !handlesSignals();',
        replace: 'return false;',
      },
    ]),
    ...inFile(`${script}/waiting/trace.ts`, 'mq-native/wait-errors', [
      {
        what: 'NODE_DEBUG=timeq tells nothing',
        find: '= log.enabled;',
        replace: '= false;',
      },
    ]),
    ...inFile(`${script}/message-queue/message-queue.ts`, 'mq-native/inspection', [
      {
        what: 'console.log of a queue does not show the receives that wait',
        find: 'receives += waits.pending;',
        replace: 'receives += 0;',
      },
    ]),
  ],
};
