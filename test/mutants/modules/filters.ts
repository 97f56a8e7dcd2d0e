import { inFile, type GuardedModule } from '../mutation.js';

const columns = 'packages/ipctools/src/render/columns';

export const filters: GuardedModule = {
  name: 'filters',
  mutations: [
    ...inFile(`${columns}/column.ts`, 'ipctools/filter', [
      {
        what: '<= is <',
        find: 'order(value) <= 0',
        replace: 'order(value) < 0',
      },
      {
        what: '>= is >',
        find: 'order(value) >= 0',
        replace: 'order(value) > 0',
      },
      {
        what: '< is <=',
        find: "if (operator === '<') return (value) => order(value) < 0;",
        replace: "if (operator === '<') return (value) => order(value) <= 0;",
      },
      {
        what: 'an unknown value satisfies a condition',
        find: 'return value !== undefined && test(value);',
        replace: 'return value === undefined || test(value);',
      },
      {
        what: '!~ is ~',
        find: " === (operator === '~')",
        replace: '',
      },
      {
        what: '~ finds nothing in another case',
        find: 'word.toLowerCase()',
        replace: 'word',
      },
      {
        what: '!= is =',
        find: '!comparison.equals(value)',
        replace: 'comparison.equals(value)',
      },
      {
        what: 'an unordered value satisfies every comparison',
        find: 'if (test === undefined) throw new UsageError(`${name} has no order; compare it with =, != or ~`);',
        replace: 'if (test === undefined) return () => true;',
      },
      {
        what: '<= is parsed as < with a value that begins with =',
        find: "['<=', '>=', '!=', '==', '!~', '=', '<', '>', '~']",
        replace: "['<', '<=', '>=', '!=', '==', '!~', '=', '>', '~']",
      },
      {
        what: 'unknown values sort first',
        find: 'Number(left === undefined) - Number(right === undefined)',
        replace: 'Number(right === undefined) - Number(left === undefined)',
      },
      {
        what: 'descending order is ignored',
        find: 'descending ? kind.compare(right, left)',
        replace: 'descending ? kind.compare(left, right)',
      },
    ]),
    ...inFile(`${columns}/sort.ts`, 'ipctools/filter', [
      {
        what: 'the last column has the highest sort priority',
        find: 'steps.toReversed()',
        replace: 'steps',
      },
    ]),
    ...inFile(`${columns}/filter.ts`, 'ipctools/filter', [
      {
        what: 'one of several conditions is enough',
        find: 'tests.every(',
        replace: 'tests.some(',
      },
      {
        what: 'a condition without a word holds for every row',
        find: " || word === ''",
        replace: '',
      },
    ]),
    ...inFile(`${columns}/kinds.ts`, 'ipctools/filter', [
      {
        what: 'no process is found by its state',
        find: '[state, name, script].includes(word)',
        replace: 'name === word',
      },
      {
        what: 'no process is found by its name',
        find: '[state, name, script].includes(word)',
        replace: 'state === word',
      },
      {
        what: 'an hour is 3,600,000 seconds',
        find: 'readDuration(word) / 1000',
        replace: 'readDuration(word)',
      },
      {
        what: 'a queue that is almost full is shown as full',
        find: 'value < 100 ? Math.floor(value) : Math.round(value)',
        replace: 'Math.round(value)',
      },
      {
        what: 'a blocked sender hides a blocked receiver',
        find: "threads.some(({ call }) => call === 'msgrcv') ? 'R' : ''",
        replace: "threads.every(({ call }) => call === 'msgrcv') ? 'R' : ''",
      },
      {
        what: 'a segment with a flag counts as one without',
        find: "word === '-' ? value.length === 0 : value.includes(word)",
        replace: "word === '-' || value.includes(word)",
      },
    ]),
    ...inFile('packages/ipctools/src/model/queue-state.ts', 'ipctools/filter', [
      {
        what: 'where not every process could be inspected, none waits',
        find: 'blocked.complete && !usedElsewhere',
        replace: '!usedElsewhere',
      },
      {
        what: 'in a queue of another pid namespace no process waits',
        find: 'blocked.complete && !usedElsewhere',
        replace: 'blocked.complete',
      },
      {
        what: 'a queue with as many messages as it may have is not full',
        find: 'Math.max(bytes, messages) / maxBytes',
        replace: 'bytes / maxBytes',
      },
      {
        what: 'a queue that was only sent to is as idle as its creation',
        find: 'Math.max(sendTime, receiveTime, changeTime)',
        replace: 'Math.max(receiveTime, changeTime)',
      },
    ]),
  ],
};
