import { inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/mq-native/src/synchronization';

export const locks: GuardedModule = {
  name: 'locks',
  mutations: [
    ...inFile(`${folder}/lock-set.ts`, 'synchronization/lock', [
      {
        what: 'two processes can hold a lock',
        find: '      { number: HELD, delta: 0 },\n',
        replace: '',
      },
      {
        what: 'a lock is not released when its holder dies',
        find: "{ number: HELD, delta: 1, undo: 'thread' },",
        replace: '{ number: HELD, delta: 1 },',
      },
      {
        what: 'a release leaves an undo that lowers the lock of the next holder',
        find: "{ number: HELD, delta: -1, undo: 'thread' },",
        replace: '{ number: HELD, delta: -1 },',
      },
      {
        what: 'the next holder learns of a death that was handled already',
        find: '{ number: DIRTY, delta: -dirty },',
        replace: '{ number: DIRTY, delta: -1 },',
      },
      {
        what: 'a holder that acquires its own lock blocks for ever',
        find: '    heldHere.add(this.id);\n',
        replace: '',
      },
      {
        what: 'many deaths in a row reach the highest value of a semaphore',
        find: 'if (dirty > 2) this',
        replace: 'if (dirty > 99999) this',
      },
      {
        what: 'a free lock has a holder',
        find: 'this.#always.value(HELD) === 0 ? undefined : pid',
        replace: 'pid',
      },
      {
        what: 'the release of a removed lock throws',
        find: '      if (error instanceof GoneError) return;\n',
        replace: '',
      },
      {
        what: 'releasing a lock that was released by other means is not an error',
        find: '    const { id, key } = this.#always;\n    throw',
        replace: '    const { id, key } = this.#always;\n    if (id < 0) throw',
      },
    ]),
    ...inFile(`${folder}/lock-set.ts`, 'synchronization/condition', [
      {
        what: 'a thread that released its lock to wait for a condition still counts as its holder',
        find: 'if (given) heldHere.delete(this.id);',
        replace: '',
      },
      {
        what: 'the death of a holder does not wake up waiting processes',
        find: '      this.#extension.recover();\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/lock.ts`, 'synchronization/lock', [
      {
        what: 'acquireSync of a held lock blocks its own thread',
        find: 'if (this.#lock.heldHere) {',
        replace: 'if (this.id < 0) {',
      },
    ]),
    ...inFile(`${folder}/held-lock.ts`, 'synchronization/lock', [
      {
        what: 'a second release releases the lock of the next holder',
        find: 'if (dirty === 0) return;',
        replace: '',
      },
      {
        what: 'the death of a holder is not reported',
        find: 'formerHolderDied: dirty > 1',
        replace: 'formerHolderDied: dirty > 2',
      },
    ]),
    ...inFile(`${folder}/primitive.ts`, 'synchronization', [
      {
        what: 'another kind of semaphore set is taken for a lock',
        find: 'if (!sizes.includes(set.stat().count))',
        replace: 'if (set.stat().count === 0)',
      },
      {
        what: 'a lock is opened that may not be read',
        find: '  set.value(0);\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/held-permits.ts`, 'synchronization/counting', [
      {
        what: 'a second release adds permits',
        find: 'if (!this.#held) return;',
        replace: '',
      },
      {
        what: 'fewer permits are given back than were taken',
        find: '{ ...taken, delta: -taken.delta }',
        replace: '{ ...taken, delta: 1 }',
      },
    ]),
    ...inFile(`${folder}/counting-semaphore.ts`, 'synchronization/counting', [
      {
        what: 'the permits of a dead process are lost',
        find: "undo === false ? taking : { ...taking, undo: 'thread' }",
        replace: 'taking',
      },
      {
        what: 'every process that opens a semaphore adds the initial permits',
        find: '{ number: INITIALISED, delta: 0 }, ',
        replace: '',
      },
      {
        what: 'permits cannot be released after close',
        find: '    return new HeldPermits(this.#always, taking);\n  }\n\n  /** Takes this many',
        replace: '    return new HeldPermits(this.semaphores, taking);\n  }\n\n  /** Takes this many',
      },
    ]),
    ...inFile(`${folder}/event-flag.ts`, 'synchronization/event', [
      {
        what: 'a process that waits clears the event',
        find: 'const WAIT = [{ delta: -1 }, { delta: 1 }];',
        replace: 'const WAIT = [{ delta: -1 }];',
      },
      {
        what: 'an event that is set twice must be cleared twice',
        find: 'const SET = [{ delta: 0 }, { delta: 1 }];',
        replace: 'const SET = [{ delta: 1 }];',
      },
    ]),
    ...inFile(`${folder}/condition-set.ts`, 'synchronization/condition', [
      {
        what: 'a notification dies with the process that took it',
        find: "{ number: TOKENS, delta: -1, undo: 'thread' },\n      { number: WAITING",
        replace: '{ number: TOKENS, delta: -1 },\n      { number: WAITING',
      },
      {
        what: 'a new waiter takes the notification of an earlier one',
        find: "      { number: TOKENS, delta: 0 },\n      { number: WAITING, delta: 1, undo: 'thread' },",
        replace: "      { number: WAITING, delta: 1, undo: 'thread' },",
      },
      {
        what: 'a process that died while waiting is counted for ever',
        find: "{ number: WAITING, delta: 1, undo: 'thread' }",
        replace: '{ number: WAITING, delta: 1 }',
      },
      {
        what: 'a condition notifies more processes than wait',
        find: 'Math.min(most, waiting - tokens)',
        replace: 'Math.min(most, waiting)',
      },
      {
        what: 'a later waiter gets the token of a dead process',
        find: 'if (tokens > waiting) this',
        replace: 'if (tokens > waiting + 99) this',
      },
    ]),
    ...inFile(`${folder}/condition.ts`, 'synchronization/condition', [
      {
        what: 'a notification that arrives with the timeout is lost',
        find: `    const owing = failure === undefined || this.#set.withdraw();
    try {
      enter(hold, await`,
        replace: `    const owing = failure === undefined;
    try {
      enter(hold, await`,
      },
      {
        what: 'a notification is lost when the lock cannot be taken again',
        find: `      if (owing) this.#set.passOn();
      throw error;
    }
    if (!owing) throw failure;
  }

  /**
   * As`,
        replace: `      throw error;
    }
    if (!owing) throw failure;
  }

  /**
   * As`,
      },
      {
        what: 'one condition takes the lock of another',
        find: 'hold.dirty === 0 || hold.lock.id !== this.id',
        replace: 'hold.dirty === 0',
      },
      {
        what: 'a process that does not hold the lock can notify',
        find: 'hold.dirty === 0 || hold.lock',
        replace: 'hold.lock',
      },
      {
        what: 'waitFor starts its timeout anew with each notification',
        find: '{ ...options, timeout: Math.max(0, end - performance.now()) }',
        replace: 'options',
      },
      {
        what: 'a wait does not tell that the former holder died',
        find: 'hold.formerHolderDied = dirty > 1;',
        replace: '',
      },
    ]),
  ],
};
