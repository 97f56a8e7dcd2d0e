import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const server = 'packages/time-server/src/alarms';
const client = 'packages/time-client/src/client';
const protocol = 'packages/time-protocol/src/codec';

export const alarms: GuardedModule = {
  name: 'alarms',
  mutations: [
    ...inFile(`${server}/alarm-heap.ts`, 'time-server/alarms-by-a-model', [
      {
        what: 'alarms of one moment ring in another order than they were set',
        find: 'one.number < other.number',
        replace: 'one.number > other.number',
      },
      {
        what: 'after an alarm was cancelled, a sooner one rings late',
        find: '    this.#rise(last, alarm.place);\n    this.#sink(last, last.place);\n',
        replace: '    this.#sink(last, alarm.place);\n',
      },
      {
        what: 'after an alarm was cancelled, a later one keeps sooner ones from ringing',
        find: '    this.#sink(last, last.place);\n',
        replace: '',
      },
      {
        what: 'of two alarms behind one that has rung, the later one is next',
        find: 'isBefore(right, left) ? right : left',
        replace: 'isBefore(left, right) ? right : left',
      },
      {
        what: 'an alarm that is set last rings first',
        find: '      if (!isBefore(alarm, parent)) break;\n',
        replace: '',
      },
      {
        what: 'the soonest alarm is gone with one that was cancelled',
        find: 'this.#rise(last, alarm.place);',
        replace: 'this.#rise(last, 0);',
      },
      {
        what: 'an alarm that rings again is not put behind sooner ones',
        find: '    this.#sink(alarm, alarm.place);\n  }\n\n  remove',
        replace: '  }\n\n  remove',
      },
    ]),
    ...inFile(`${server}/alarm.ts`, 'time-server/alarms-by-a-model', [
      {
        what: 'a client that was away gets more turns at once than 100',
        find: 'const MOST_DUE = 100;',
        replace: 'const MOST_DUE = 101;',
      },
      {
        what: 'the turn that is due now does not count among those that are due',
        find: 'Number((now - this.next) / every) + 1;',
        replace: 'Number((now - this.next) / every);',
      },
      {
        what: 'turns that were left out are not counted in the numbers of later ones',
        find: '    this.turn += skipped;\n',
        replace: '',
      },
      {
        what: 'an alarm with a number of turns has one more',
        find: 'number === count',
        replace: 'number > (count ?? Infinity)',
      },
      {
        what: 'a repeating alarm rings at once, and not after its period',
        find: 'plan.from ?? now + plan.every',
        replace: 'plan.from ?? now',
      },
      {
        what: 'the number of turns of an alarm is not heeded',
        find: 'plan.every === undefined ? undefined : plan.count',
        replace: 'undefined',
      },
    ]),
    ...inCommand(`${server}/alarm.ts`, 'time-server/alarms.test', [
      {
        what: 'turns beyond the last one count as due',
        find: 'Math.min(due, left)',
        replace: 'due',
      },
    ]),
    ...inFile(`${server}/alarms.ts`, 'time-server/alarms-by-a-model', [
      {
        what: 'an id that is kept for as long as its alarm may have any length',
        find: "typeof id === 'string' && id.length > LONGEST_ID",
        replace: "typeof id === 'string' && id.length > Infinity",
      },
      {
        what: 'a client has one alarm more than it may have',
        find: 'own.size >= MOST_OF_CLIENT',
        replace: 'own.size > MOST_OF_CLIENT',
      },
      {
        what: 'all clients together have any number of alarms',
        find: 'this.#byNumber.size >= MOST)',
        replace: 'this.#byNumber.size >= Infinity)',
      },
      {
        what: 'to cancel one alarm cancels all of its client',
        find: 'number === undefined || alarm.number === number',
        replace: 'number === undefined || alarm.number > 0',
      },
      {
        what: 'the list of alarms begins with the last one of the list before',
        find: 'filter(({ number }) => number > after)',
        replace: 'filter(({ number }) => number >= after)',
      },
      {
        what: 'a list that is whole says that there are more alarms',
        find: 'later.length > MOST_LISTED }',
        replace: 'later.length >= MOST_LISTED }',
      },
      {
        what: 'an alarm whose message was not taken is not counted',
        find: '    this.#dropped += 1;\n    this.#lostOne();\n',
        replace: '    this.#lostOne();\n',
      },
      {
        what: 'an alarm whose message was not taken rings on',
        find: '    this.#remove(alarm);\n    this.#waitSoon();\n  }\n\n  /** The clock',
        replace: '    this.#waitSoon();\n  }\n\n  /** The clock',
      },
      {
        what: 'alarms of a queue that is gone are not counted',
        find: '      this.#remove(alarm);\n      this.#dropped += 1;\n',
        replace: '      this.#remove(alarm);\n',
      },
      {
        what: 'alarms of a queue that is gone ring in the next one',
        find: '      this.#remove(alarm);\n      this.#dropped += 1;\n',
        replace: '      this.#dropped += 1;\n',
      },
      {
        what: 'many alarms at once keep requests from being answered',
        find: 'const BATCH = 64;',
        replace: 'const BATCH = 100_000;',
      },
      {
        what: 'an alarm does not ring at its very moment',
        find: 'first.next <= now;',
        replace: 'first.next < now;',
      },
      {
        what: 'an alarm that has rung for the last time counts as pending',
        find: 'if (turn.next === undefined) this.#remove(alarm);',
        replace: 'if (turn.next === undefined) this.#heap.remove(alarm);',
      },
      {
        what: 'turns that were left out are not counted',
        find: '    this.#dropped += turn.skipped;\n',
        replace: '',
      },
      {
        what: 'late alarms are not counted',
        find: 'now - turn.at > LATE',
        replace: 'now - turn.at < -LATE',
      },
    ]),
    ...inCommand(`${server}/alarms.ts`, 'time-server/alarms.test', [
      {
        what: 'an alarm waits for the clock that the server had before it was set',
        find: '    this.#awaited = undefined;\n    this.#waitSoon();',
        replace: '    this.#waitSoon();',
      },
      {
        what: 'an alarm that is sooner than the one that is waited for rings late',
        find: 'if (next === this.#awaited && next !== undefined) return;',
        replace: 'if (this.#awaited !== undefined && next !== undefined) return;',
      },
    ]),
    ...inCommand(`${server}/alarms.ts`, 'time-client/alarms-over-nats', [
      {
        what: 'alarms over NATS end with a queue that is gone',
        find: '      if (wayTo(alarm.to) !== way) continue;\n',
        replace: '',
      },
    ]),
    ...inCommand(`${server}/answer-alarm.ts`, 'time-server/alarms.test', [
      {
        what: 'an alarm that has rung, or is of another client, is said to be cancelled',
        find: 'cancelled === 0 && request',
        replace: 'cancelled > 1 && request',
      },
    ]),
    ...inFile(`${server}/ring-encoder.ts`, 'time-server/alarms-by-a-model', [
      {
        what: 'a client does not learn that turns were left out',
        find: '      ...(skipped > 0 && { skipped }),\n',
        replace: '',
      },
    ]),
    ...inFile(`${protocol}/alarm-plan.ts`, 'time-protocol/alarm', [
      {
        what: 'an alarm with a moment and a period loses one of them without a word',
        find: '(at === undefined) === (every === undefined)',
        replace: 'at === undefined && every === undefined',
      },
      {
        what: 'an alarm rings without a pause',
        find: 'if (period < SHORTEST_PERIOD)',
        replace: 'if (period === 0n)',
      },
      {
        what: 'an alarm of no turns is taken',
        find: '(count as number) > 0)',
        replace: '(count as number) >= 0)',
      },
      {
        what: 'a beginning that is no moment is left out without a word',
        find: "  if (from !== undefined && first === undefined) return notDecimal('from');\n",
        replace: '',
      },
    ]),
    ...inFile(`${protocol}/alarm-reply.ts`, 'time-protocol/alarm', [
      {
        what: 'a list with an entry that is none is taken for a list',
        find: '  if (!pending.every((each) => each !== undefined)) return undefined;\n',
        replace: '',
      },
    ]),
    ...inCommand(`${client}/alarm.ts`, 'time-client/alarm.test', [
      {
        what: 'an alarm that the server ended before its first turn is waited for for ever',
        find: 'true });\n    this.#lookIn(Number((next - sent) / 1_000_000n) + OVERDUE);\n',
        replace: 'true });\n',
      },
      {
        what: 'an alarm that the server ended between two turns is waited for for ever',
        find: '      this.#lookIn(Number((next - sent) / 1_000_000n) + OVERDUE);\n      this.#wake();',
        replace: '      clearTimeout(this.#overdue);\n      this.#wake();',
      },
    ]),
    ...inFile(`${client}/alarm.ts`, 'time-client/alarm-object', [
      {
        what: 'an alarm that is over keeps its program from ending for a while',
        find: '    this.#pending = false;\n    clearTimeout(this.#overdue);\n',
        replace: '    this.#pending = false;\n',
      },
      {
        what: 'an alarm that is over still listens to its signal',
        find: "    this.#signal?.removeEventListener('abort', this.#onAbort);\n",
        replace: '',
      },
      {
        what: 'an alarm whose loop was left stays at the server',
        find: '    } finally {\n      await this.cancel();\n    }',
        replace: '    } finally {\n      this.#end();\n    }',
      },
    ]),
    ...inCommand(`${client}/time-client.ts`, 'time-client/alarm.test', [
      {
        what: 'an alarm that the server no longer has counts as pending',
        find: 'if (!alarms.some(({ alarm }) => alarm === number)) throw',
        replace: 'if (number === 0) throw',
      },
    ]),
    ...inFile(`${client}/time-client.ts`, 'time-client/alarm-object', [
      {
        what: 'only the first alarms of a client are listed',
        find: 'if (!more || alarms.length === 0) return all;',
        replace: 'return all;',
      },
    ]),
    ...inCommand(`${client}/keep-alarm.ts`, 'time-client/alarm.test', [
      {
        what: 'an alarm that the server ended is not set again',
        find: "error.timedOut || error.code === 'ALARM_LOST')) throw",
        replace: 'error.timedOut)) throw',
      },
      {
        what: 'a missing server is reported at each look',
        find: 'if (!gone && error.code',
        replace: 'if (error.code',
      },
    ]),
    ...inFile(`${client}/keep-alarm.ts`, 'time-client/alarm-object', [
      {
        what: 'an alarm that was aborted before the answer came rings at the server',
        find: '    if (error instanceof AbortError) await client.cancelAlarms();\n',
        replace: '',
      },
    ]),
    ...inFile(`${client}/alarm-progress.ts`, 'time-client/alarm-progress', [
      {
        what: 'the next server rings from the first turn again',
        find: 'from: this.#first + BigInt(this.#before) * every,',
        replace: 'from: this.#first,',
      },
      {
        what: 'the next server rings as many turns as the first was asked for',
        find: 'count: count - this.#before',
        replace: 'count',
      },
      {
        what: 'a turn comes twice if a server is gone before all of those before it',
        find: 'if (number < this.#next) return [];',
        replace: 'if (number < 0) return [];',
      },
      {
        what: 'a turn that has come is asked for again',
        find: '      this.#next = come.turn + 1;\n',
        replace: '',
      },
      {
        what: 'turns that were left out are asked for again',
        find: 'each.turn - each.skipped <= known + 1',
        replace: 'each.turn <= known + 1',
      },
      {
        what: 'a turn that overtook others ends the wait for them',
        find: 'each.turn - each.skipped <= known + 1',
        replace: 'each.turn > known',
      },
    ]),
  ],
};
