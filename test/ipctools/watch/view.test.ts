import assert from 'node:assert/strict';
import test from 'node:test';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { Facts, type WatchedQueue } from '@timeq/ipctools';
import { arrange, filterOf } from '#ipctools/cli/watch/arrange';
import { BUSIEST_FIRST, columnsToShow } from '#ipctools/cli/watch/columns';
import {
  chosenNames,
  cursorRow,
  FIRST_VIEW,
  pressKey,
  settle,
  type Scene,
  type View,
} from '#ipctools/cli/watch/view';
import { letters, sceneOf, watched } from './queues.js';

const queues = [watched(1, 5), watched(2), watched(3, 90), watched(4), watched(5), watched(6), watched(7)];
const ids = (all: readonly WatchedQueue[]): number[] => all.map(({ entry }) => entry.id);

/** The view after keys that leave nothing to do outside of it. */
function after(keys: readonly string[], scene: Scene = sceneOf(queues), from: View = FIRST_VIEW): View {
  return keys.reduce((view, key) => {
    const next = pressKey(view, key, scene);
    if (typeof next === 'string') throw new Error(`${key}: ${next}`);
    return next;
  }, from);
}

const arranged = (view: View, all: readonly WatchedQueue[] = queues): number[] =>
  ids(arrange(all, view, columnsToShow(undefined, false), new Facts()));

test('the busiest queues come first, then those with most messages', () => {
  const busy = [watched(1, 3), watched(2, 0, [5, 1]), watched(3, 9), watched(4, 0, [0, 7])];
  assert.deepEqual(arranged(FIRST_VIEW, busy), [4, 2, 3, 1]);
});

test('letters sort by their column, once more the other way round, and B sorts the busiest first again', () => {
  assert.deepEqual([after(['m']).sort, after(['m', 'm']).sort], ['-messages', 'messages']);
  assert.deepEqual([after(['k']).sort, after(['k', 'r']).sort, after(['i']).sort], ['key', '-key', 'id']);
  assert.deepEqual(arranged(after(['m'])).slice(0, 2), [3, 1]);
  assert.deepEqual(arranged(after(['k', 'r'])).slice(0, 2), [7, 6]);
  assert.equal(after(['k', 'B']).sort, BUSIEST_FIRST);
  assert.equal(after(['r']).sort, 'busy,-messages,idle');
});

test('s and S go through the shown columns, but for the history', () => {
  const scene = sceneOf(queues, { columns: columnsToShow('key,messages,history,idle', false) });
  const sorts = (keys: string): string[] =>
    letters(keys).map((_, end) => after(letters(keys.slice(0, end + 1)), scene).sort);
  assert.deepEqual(sorts('ssss'), ['key', '-messages', '-idle', 'key']);
  assert.deepEqual(sorts('SS'), ['-idle', '-messages']);
});

test('the cursor stays on its queue when the order changes, and in its row when the queue goes', () => {
  const view = after(['down', 'down']);
  assert.equal(cursorRow(view, queues), 2);
  assert.equal(cursorRow(view, queues.toReversed()), 4);
  const without = queues.filter(({ entry }) => entry.id !== 3);
  const settled = settle(view, sceneOf(without), without);
  assert.deepEqual([cursorRow(settled, without), settled.cursor], [2, ' 4']);
  assert.equal(cursorRow(settle(view, sceneOf([]), []), []), -1);
});

test('before it is moved, the cursor is on the first queue, whichever that is', () => {
  assert.equal(cursorRow(settle(FIRST_VIEW, sceneOf(queues), queues), queues.toReversed()), 0);
});

test('the page follows the cursor, and no key leaves the list', () => {
  const scene = sceneOf(queues);
  const view = settle(after(['end']), scene, queues);
  assert.deepEqual([view.first, cursorRow(view, queues)], [2, 6]);
  const up = settle(after(['up', 'up', 'up', 'up', 'up', 'up', 'up', 'up'], scene, view), scene, queues);
  assert.deepEqual([up.first, cursorRow(up, queues)], [0, 0]);
  const taller = sceneOf(queues, { rows: 20 });
  assert.equal(settle(view, taller, queues).first, 0, 'a taller screen has no empty rows');
});

test('a filter applies as it is typed; what can not be read yet leaves the last one', () => {
  const typed = after(['/', ...letters('messages>')]);
  assert.deepEqual([typed.typed, typed.conditions], ['messages>', []]);
  assert.match(typed.message, /'messages>' is not a condition/);
  const whole = after([...letters('4')], sceneOf(queues), typed);
  assert.deepEqual([whole.conditions, whole.message], [['messages>4'], '']);
  assert.deepEqual(arranged(whole), [3, 1]);
  const more = after([...letters('0, id=3')], sceneOf(queues), whole);
  assert.deepEqual(more.conditions, ['messages>40', 'id=3']);
  assert.deepEqual(arranged(more), [3]);
  assert.deepEqual(after(['backspace'], sceneOf(queues), whole).conditions, ['messages>4']);
});

test('Enter keeps the filter, Escape ends it, also later', () => {
  const kept = after(['/', ...letters('id=3'), 'return']);
  assert.deepEqual([kept.typed, kept.conditions], [undefined, ['id=3']]);
  assert.equal(after(['/'], sceneOf(queues), kept).typed, 'id=3');
  assert.deepEqual(after(['escape'], sceneOf(queues), kept).conditions, []);
  assert.deepEqual(after(['/', ...letters('id=3'), 'escape']).conditions, []);
});

test('letters that are keys are text while a filter is typed', () => {
  assert.equal(after(['/', ...letters('q?x ')]).typed, 'q?x ');
});

test('a text without an operator finds what the shown columns contain', () => {
  const columns = columnsToShow(undefined, false);
  const holds = filterOf(['0x00000083'], columns, new Facts());
  assert.deepEqual(ids(queues.filter(holds)), [3]);
  assert.throws(() => filterOf(['mess'], columns, new Facts()), UsageError);
});

test('space tags and goes on to the next; x is about the tagged, or about the one under the cursor', () => {
  const scene = sceneOf(queues);
  const tagged = after([' ', ' '], scene);
  assert.deepEqual([...tagged.tagged], [' 1', ' 2']);
  assert.deepEqual(chosenNames(tagged, scene), [' 1', ' 2']);
  assert.deepEqual(chosenNames(after(['down'], scene), scene), [' 2']);
  assert.equal(pressKey(tagged, 'x', scene), 'clean');
  assert.deepEqual([...after(['home', ' '], scene, tagged).tagged], [' 2']);
  assert.deepEqual([...after(['escape'], scene, tagged).tagged], []);
});

test('a tag goes with its queue, and stays with one that the filter hides', () => {
  const scene = sceneOf(queues);
  const tagged = after([' ', ' '], scene);
  assert.deepEqual([...settle(tagged, sceneOf([]), queues).tagged], [' 1', ' 2']);
  assert.deepEqual([...settle(tagged, scene, queues.slice(1)).tagged], [' 2']);
});

test('where nothing may be cleaned, x says why and does nothing', () => {
  const view = after([' ', 'x'], sceneOf(queues, { refusal: 'not here' }));
  assert.equal(view.message, 'not here');
  assert.equal(after(['x'], sceneOf([])).message, 'there is no queue to clean');
});

test('Enter shows the queue under the cursor, x there is about that one, and Escape goes back', () => {
  const scene = sceneOf(queues);
  const shown = after([' ', 'return'], scene);
  assert.deepEqual([shown.page, chosenNames(shown, scene)], ['queue', [' 2']]);
  assert.equal(settle(shown, sceneOf([]), []), shown, 'a queue that is gone stays on its page');
  assert.equal(after(['escape'], scene, shown).page, 'queues');
  assert.equal(after(['return'], sceneOf([])).page, 'queues');
});

test('other pages scroll as far as they have lines', () => {
  const scene = sceneOf(queues, { lines: 12 });
  assert.equal(after(['?', 'end'], scene).scrolled, 7);
  assert.equal(after(['?', 'end', 'pagedown', 'up'], scene).scrolled, 6);
  assert.equal(after(['?', 'end'], sceneOf(queues, { lines: 3 })).scrolled, 0);
});

test('q leaves from every page', () => {
  for (const keys of [[], ['return'], ['?']])
    assert.equal(pressKey(after(keys), 'q', sceneOf(queues)), 'quit');
});
