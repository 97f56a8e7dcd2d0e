import assert from 'node:assert/strict';
import test from 'node:test';
import { RULES, type Rule } from '@timeq/ipctools';
import type { ProcessSource } from '@timeq/mq-native';
import { judgeTable, newTally, type Mistake } from './model/tables.js';

// `npm run test:faults -- stale-tables --long` judges 100,000.
const TABLES = 1000;

test('on 1,000 random machines no object in use is stale', () => {
  const tally = newTally();
  for (let seed = 0; seed < TABLES; seed += 1) judgeTable(seed, tally);
  assert.deepEqual(
    tally.wrong.map(({ seed, why, judgement }) => ({ seed, why, reasons: judgement.reasons })),
    [],
  );
  // There was something to find, of every kind.
  assert.ok(
    tally.stale > tally.objects / 20 && tally.proven > 20,
    `${tally.stale} stale, ${tally.proven} proven`,
  );
  assert.equal(tally.living.size, 9);
  for (const [why, count] of tally.living) assert.ok(count > 5, `${why}: ${count}`);
});

const withText =
  (path: string, change: (text: string) => string) =>
  (source: ProcessSource): ProcessSource =>
    changed(source, { text: (asked) => (asked === path ? change(source.text(asked)) : source.text(asked)) });

function changed(source: ProcessSource, changes: Partial<ProcessSource>): ProcessSource {
  return {
    names: (path) => source.names(path),
    text: (path) => source.text(path),
    link: (path) => source.link(path),
    has: (path) => source.has(path),
    hasNumber: (pid) => source.hasNumber(pid),
    bootTime: () => source.bootTime(),
    ...changes,
  };
}

function without(words: string): readonly Rule[] {
  const left = RULES.filter(({ when }) => !when.includes(words));
  assert.equal(left.length, RULES.length - 1, `the rule with "${words}"`);
  return left;
}

/** Mistakes that were made once, or could be. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'who takes a container for the whole machine': {
    source: (source) =>
      changed(source, {
        link: (path) => (path === 'self/ns/pid' ? 'pid:[4026531836]' : source.link(path)),
      }),
  },
  'who looks at main threads only': {
    source: (source) =>
      changed(source, {
        names: (path) => (path.endsWith('/task') ? [path.split('/')[0] ?? ''] : source.names(path)),
      }),
  },
  'who takes a thread that may not be looked at for one that does not wait': {
    source: (source) =>
      changed(source, {
        text: (path) => {
          try {
            return source.text(path);
          } catch (error) {
            if (path.endsWith('/syscall')) return 'running\n';
            throw error;
          }
        },
      }),
  },
  'who does not know that processes are hidden': { source: withText('self/mounts', () => '') },
  'who takes the numbers of another namespace for his own': {
    source: withText('self/status', (text) => text.replace(/NSpid:.*/, '')),
  },
  'who believes every semaphore': {
    kernel: (kernel) => ({
      queueAt: (key) => kernel.queueAt(key),
      setAt: (key) => kernel.setAt(key),
      slotsOf: (segment) => kernel.slotsOf(segment),
      mayRead: (queue) => kernel.mayRead(queue),
      readSet: (set) => kernel.readSet(set),
      liveness: (set, queue, processes) =>
        kernel.liveness({ ...set, mode: 0o600, uid: 0, creatorUid: 0 }, queue, processes),
    }),
  },
  'who takes the death of a server for that of its clients': {
    rules: RULES.map((rule) =>
      rule.when.startsWith('the kernel lowered')
        ? {
            ...rule,
            holds: ({ semaphore, blocked }) =>
              semaphore.state === 'lowered' && !semaphore.usedSince && blocked !== undefined,
          }
        : rule,
    ),
  },
  'who takes every receiver for a process': { rules: without('its last receiver has ended') },
  'who takes a number that was used again for a death': { rules: without("can't be looked up") },
  'who does not ask who could not be seen': { rules: without("a process that this user can't see") },
  'who asks for no blocked thread': { rules: without('a thread is blocked in the queue') },
};

for (const [who, mistake] of Object.entries(mistakes)) {
  test(`the search finds the fault of one ${who}`, () => {
    const tally = newTally();
    for (let seed = 0; seed < 20 * TABLES && tally.wrong.length === 0; seed += 1)
      judgeTable(seed, tally, mistake);
    assert.notEqual(tally.wrong.length, 0);
  });
}
