import { inFile, type GuardedModule } from '../mutation.js';

const script = 'packages/mq-native/src/semaphore';
const native = 'packages/mq-native/native';

export const undo: GuardedModule = {
  name: 'undo',
  mutations: [
    ...inFile(`${native}/semaphore_undo.c`, 'semaphores/undo', [
      {
        what: 'what a worker took is taken once more at its end',
        find: 'adjust(undo, id, operations[i].sem_num, -operations[i].sem_op);',
        replace: 'adjust(undo, id, operations[i].sem_num, operations[i].sem_op);',
      },
      {
        what: 'what a worker did is undone at the first semaphore of the set',
        find: 'adjust(undo, id, operations[i].sem_num,',
        replace: 'adjust(undo, id, 0,',
      },
      {
        what: "the kernel's own undo is done at the end of a worker as well",
        find: '(operation->sem_flg & SEM_UNDO_THREAD) != 0 && ',
        replace: '',
      },
      {
        what: 'a value that was set is forgotten for the whole set',
        find: 'if (each->id != id || (number != ALL_SEMAPHORES && each->number != number)) {',
        replace: 'if (each->id != id) {',
      },
      {
        what: 'only the first semaphore that a worker changed is given back',
        find: '  while (undo->first != NULL) {\n    struct adjustment *each',
        replace: '  if (undo->first != NULL) {\n    struct adjustment *each',
      },
      {
        what: 'the end of a worker waits for a value that it cannot lower',
        find: '{by->number, (short)by->delta, IPC_NOWAIT | SEM_UNDO};',
        replace: '{by->number, (short)by->delta, SEM_UNDO};',
      },
      {
        what: 'what was given back for a worker is given back again at the end of the process',
        find: '{by->number, (short)by->delta, IPC_NOWAIT | SEM_UNDO};',
        replace: '{by->number, (short)by->delta, IPC_NOWAIT};',
      },
      {
        what: 'what was clamped for a worker is undone at the end of the process',
        find: '{room, 0}, {by->delta, SEM_UNDO},',
        replace: '{room, 0}, {by->delta, 0},',
      },
      {
        what: 'a value that cannot be lowered so far stays as it is',
        find: 'int clamped = wanted < 0 ? 0 : wanted',
        replace: 'int clamped = wanted < 0 ? value : wanted',
      },
      {
        what: 'a value that cannot be raised so far stays as it is',
        find: 'wanted > largest ? largest : wanted;',
        replace: 'wanted > largest ? value : wanted;',
      },
      {
        what: 'what a worker gave back itself is given back twice',
        find: '  found->delta += delta;\n',
        replace: '  if (found->delta == 0) found->delta = delta;\n',
      },
    ]),
    ...inFile(`${native}/semaphore.c`, 'addon/interrupts', [
      {
        what: 'a thread blocks for ever in taking back what its wait has done',
        find: '    reverse.sem_flg |= IPC_NOWAIT;\n',
        replace: '',
      },
    ]),
    ...inFile(`${native}/semaphore.c`, 'addon/threads', [
      {
        what: "the kernel is handed the addon's own flag",
        find: '    known[i].sem_flg &= IPC_NOWAIT | SEM_UNDO;\n',
        replace: '',
      },
    ]),
    ...inFile(`${native}/semaphore.c`, 'semaphores/undo', [
      {
        what: 'the end of a worker changes a value that was set meanwhile',
        find: '  if (result != -1 && !namespace_is_entered()) semaphore_undo_forget(id, number);\n',
        replace: '',
      },
      {
        what: 'the end of a worker changes values that were all set meanwhile',
        find: '  if (result != -1 && command == SETALL && !namespace_is_entered()) semaphore_undo_forget(id, ALL_SEMAPHORES);\n',
        replace: '',
      },
      {
        what: 'what a worker did without waiting is not undone',
        find: '  int result = semaphore_operate(id, operations, count);\n  return int_result(env, semaphore_operated(addon, id, operations, count, result));',
        replace:
          '  int result = semaphore_operate(id, operations, count);\n  return int_result(env, result);',
      },
    ]),
    ...inFile(`${native}/waiter_pool.c`, 'semaphores/undo', [
      {
        what: 'what a worker did after it had waited is not undone',
        find: '  if (waiter->kind == WAIT_OPERATE) record_operations(pool, waiter);\n',
        replace: '',
      },
    ]),
    ...inFile(`${script}/semaphore-operation.ts`, 'semaphores/undo', [
      {
        what: 'the kernel undoes nothing at the end of a process',
        find: 'if (undo === true) return SEM_UNDO;',
        replace: 'if (undo === true) return 0;',
      },
      {
        what: 'what is undone at the end of a worker is not when the whole process is killed',
        find: 'return SEM_UNDO | SEM_UNDO_THREAD;',
        replace: 'return SEM_UNDO_THREAD;',
      },
    ]),
    ...inFile(`${script}/semaphore-operation.ts`, 'semaphores/operate', [
      {
        what: 'an operation that is not to wait waits',
        find: '!wait || operation.wait === false ? IPC_NOWAIT : 0',
        replace: '!wait ? IPC_NOWAIT : 0',
      },
    ]),
    ...inFile(`${script}/initialise.ts`, 'semaphores/initialise', [
      {
        what: 'a set is said to be initialised before it has its values',
        find: '  set.setValues(values);\n',
        replace: '  set.tryOperate([{ delta: 1 }]);\n  set.setValues(values);\n',
      },
      {
        what: 'a set that has its values does not say so',
        find: '  set.tryOperate(nothing);\n',
        replace: '  if (nothing.length > 2) set.tryOperate(nothing);\n',
      },
    ]),
    ...inFile(`${script}/semaphore-set.ts`, 'semaphores/initialise', [
      {
        what: 'two processes that create a set at once both give it its values',
        find: 'return SemaphoreSet.#create(publicKey, options, IPC_EXCL);\n      } catch',
        replace: 'return SemaphoreSet.#create(publicKey, options, 0);\n      } catch',
      },
      {
        what: 'a program that finds a set does not wait until it has its values',
        find: '        waitUntilInitialised(set, INITIALISE_MILLISECONDS);\n',
        replace: '',
      },
      {
        what: 'a set that is removed while a program opens or creates it is an error',
        find: 'if (!(error instanceof GoneError) && (error as IpcError).errno !== ENOENT) throw error;',
        replace: 'throw error;',
      },
    ]),
  ],
};
