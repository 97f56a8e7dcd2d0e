import { inCommand, inFile, type GuardedModule } from '../mutation.js';

export const sync: GuardedModule = {
  name: 'sync',
  mutations: [
    ...inFile('packages/mq-native/src/clock-state.ts', 'time-server/clock-state', [
      {
        what: 'a clock whose error is not known counts as synchronised',
        find: 'maxError < UNKNOWN_ERROR',
        replace: 'maxError <= UNKNOWN_ERROR',
      },
      {
        what: 'a clock that chronyd keeps right without rtcsync counts as unsynchronised',
        find: "platform === 'linux' ? maxError",
        replace: "platform === 'linux' ? state !== TIME_ERROR && maxError",
      },
      {
        what: 'the error of the clock is told a thousand times too small',
        find: 'maxErrorNs: maxError * 1000,',
        replace: 'maxErrorNs: maxError,',
      },
      {
        what: 'a leap second is said to be inserted when it is left out',
        find: "state === TIME_DEL ? 'delete'",
        replace: "state === TIME_DEL ? 'insert'",
      },
      {
        what: 'a kernel that was not told says that TAI and UTC are the same',
        find: 'tai === 0 ? undefined : tai',
        replace: 'tai',
      },
    ]),
    ...inFile('packages/mq-native/native/libc.c', 'time-server/clock-state', [
      {
        what: 'the estimated error is told as the maximum',
        find: '(double)clock.maxerror, (double)clock.esterror',
        replace: '(double)clock.esterror, (double)clock.maxerror',
      },
    ]),
    ...inFile('packages/time-server/src/clock/machine-clocks.ts', 'time-server/clock-state', [
      {
        what: 'an unsynchronised clock has an error of the kernel’s greatest',
        find: '...(synchronised && { maxErrorNs }),',
        replace: 'maxErrorNs,',
      },
      {
        what: 'an error that is not known is told as none',
        find: 'synchronised && estimatedErrorNs > 0 && {',
        replace: 'synchronised && estimatedErrorNs >= 0 && {',
      },
    ]),
    ...inCommand('packages/time-server/src/clock/machine-clocks.ts', 'time-server/sync', [
      {
        what: 'a server ends where the kernel refuses to tell the state of its clock',
        find: 'if (!(error instanceof IpcError)) throw error;',
        replace: 'if (error instanceof IpcError) throw error;',
      },
    ]),
    ...inFile('packages/time-server/src/clock/sync-reader.ts', 'time-server/clock-state', [
      {
        what: 'the kernel is asked for each request',
        find: 'moment < this.#until) return',
        replace: 'moment < this.#from) return',
      },
      {
        what: 'after the clock was set back an old state is told',
        find: 'moment >= this.#from && moment',
        replace: 'moment',
      },
      {
        what: 'the state of the clock is never read again',
        find: 'this.#until = moment + NANOSECONDS_PER_SECOND;',
        replace: 'this.#until = moment * NANOSECONDS_PER_SECOND;',
      },
    ]),
    ...inFile('packages/time-protocol/src/codec/sync.ts', 'time-server/clock-state', [
      {
        what: 'a state that does not say whether the clock is synchronised is taken for one',
        find: "if (synchronised !== null && typeof synchronised !== 'boolean') return undefined;",
        replace: '',
      },
      {
        what: 'a stranger’s text reaches the terminal as the code of an error',
        find: "typeof unreadable === 'string' && /^E[A-Z0-9]{1,20}$/.test(unreadable)",
        replace: "typeof unreadable === 'string'",
      },
      {
        what: 'an error below zero is read',
        find: 'Number.isSafeInteger(value) && (value as number) >= 0',
        replace: 'Number.isSafeInteger(value)',
      },
      {
        what: 'an error that is no whole number is read',
        find: 'Number.isSafeInteger(value) && (value',
        replace: '(value',
      },
      {
        what: 'a leap second that is none is read',
        find: "leapSecond === 'insert' || leapSecond === 'delete'",
        replace: 'leapSecond !== undefined',
      },
    ]),
    ...inFile('packages/time-protocol/src/fast-path/time-reply.ts', 'time-server/sync', [
      {
        what: 'replies tell the state that the clock had before',
        find: 'asctime === this.#asctime && sync === this.#sync',
        replace: 'asctime === this.#asctime',
      },
    ]),
  ],
};
