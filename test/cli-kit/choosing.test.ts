import assert from 'node:assert/strict';
import test from 'node:test';
import { colored, plain } from '@timeq/cli-kit/output/color';
import { drawChoice, type ChoiceList } from '@timeq/cli-kit/prompts/choose';
import { pressChoice, settleChoice, type ChoiceScene, type Choosing } from '@timeq/cli-kit/prompts/choosing';
import { displayWidth } from '@timeq/cli-kit/text/width';

const letters = (text: string): string[] => Array.from(text);

const texts = Array.from({ length: 12 }, (_, row) => `queue ${row} ${row % 2 === 0 ? 'even' : 'odd'}`);
const scene: ChoiceScene = { texts, page: 4, preset: { key: 'p', rows: new Set([1, 2]) } };
const start: Choosing = { chosen: new Set([1]), filter: '', typing: false, cursor: 0, first: 0 };

function after(keys: readonly string[], from = start): Choosing {
  return keys.reduce((state, key) => {
    const next = pressChoice(state, key, scene);
    if (typeof next === 'string') throw new Error(`${key}: ${next}`);
    return settleChoice(next, scene);
  }, from);
}

const chosen = (...keys: string[]): number[] => [...after(keys).chosen].toSorted((a, b) => a - b);

test('space chooses and takes back the row under the cursor', () => {
  assert.deepEqual(chosen('down', 'down', ' '), [1, 2]);
  assert.deepEqual(chosen('down', ' '), []);
});

test('a chooses all, n none, and the key of the preset exactly its rows', () => {
  assert.equal(chosen('a').length, 12);
  assert.deepEqual(chosen('a', 'n'), []);
  assert.deepEqual(chosen('a', 'p'), [1, 2]);
});

test('with a filter these keys are about the shown rows only', () => {
  assert.deepEqual(chosen('/', ...letters('odd'), 'return', 'a'), [1, 3, 5, 7, 9, 11]);
  assert.deepEqual(chosen('/', ...letters('even'), 'return', 'n'), [1]);
  assert.deepEqual(chosen('/', ...letters('EVEN'), 'return', 'p'), [1, 2]);
  assert.deepEqual(chosen('/', ...letters('nothing'), 'return', ' ', 'a'), [1]);
});

test('a filter begins at its first row, and Escape ends it before the list', () => {
  const filtered = after(['end', '/', ...letters('odd'), 'return']);
  assert.equal(filtered.cursor, 0);
  const ended = after(['escape'], filtered);
  assert.equal(ended.filter, '');
  assert.equal(pressChoice(ended, 'escape', scene), 'cancel');
  assert.equal(after(['/', ...letters('odd'), 'escape']).filter, '');
});

test('letters are text while a filter is typed', () => {
  assert.deepEqual(
    [after(['/', ...letters('an p'), 'backspace']).filter, after(['/', 'a', 'ctrl-u']).filter],
    ['an ', ''],
  );
});

test('the page follows the cursor to the ends of the list, and no further', () => {
  const at = ({ cursor, first }: Choosing): number[] => [cursor, first];
  assert.deepEqual(at(after(['down', 'down', 'down', 'down'])), [4, 1]);
  assert.deepEqual(at(after(['pagedown', 'pagedown'])), [8, 5]);
  assert.deepEqual(at(after(['end', 'down'])), [11, 8]);
  assert.deepEqual(at(after(['end', 'up'])), [10, 8]);
  assert.deepEqual(at(after(['end', 'home', 'up'])), [0, 0]);
});

test('Enter leaves with what is chosen', () => {
  assert.equal(pressChoice(start, 'return', scene), 'done');
});

const list: ChoiceList<number> = {
  title: 'Remove which?',
  rows: texts.map((_, row) => row),
  columns: [
    { label: 'NAME', priority: 2, text: (row) => texts[row] ?? '' },
    { label: 'BYTES', priority: 1, align: 'right', text: (row) => String(row * 100) },
  ],
  isChosen: () => false,
  detail: (row) =>
    `row ${row}, told in many words that no line of forty columns has room for, whatever is left out`,
  preset: { key: 'p', name: 'proven', holds: () => false },
  total: (rows) => `${rows.length * 100} bytes`,
};

for (const columns of [20, 40, 80]) {
  test(`the list fills a terminal of ${columns} columns, and no line is wider`, () => {
    const lines = drawChoice(list, start, scene, { columns, rows: 12 }, plain);
    assert.equal(lines.length, 12);
    for (const line of lines) assert.ok(displayWidth(line) <= columns, line);
  });
}

test('the list shows how many are chosen, what they amount to, and all about one row', () => {
  const size = { columns: 80, rows: 12 };
  const [title, heads, first, second] = drawChoice(list, start, scene, size, plain);
  assert.equal(title, 'Remove which? 1 of 12 chosen, 100 bytes');
  assert.match(heads ?? '', /^ {6}NAME +BYTES$/);
  assert.match(first ?? '', /^> \[ \] queue 0 even +0$/);
  assert.match(second ?? '', /^ {2}\[x\] queue 1 odd +100$/);
  const lines = drawChoice(list, start, scene, size, plain).join('\n');
  assert.match(lines, /\nrow 0, told in many words .* whatever\nis left out\n/);
  // oxlint-disable-next-line no-control-regex
  assert.match(drawChoice(list, start, scene, size, colored)[2] ?? '', /^\u001b\[7m>/);
});
