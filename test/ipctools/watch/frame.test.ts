import assert from 'node:assert/strict';
import test from 'node:test';
import { plain, colored } from '@timeq/cli-kit/output/color';
import { displayWidth } from '@timeq/cli-kit/text/width';
import { columnsToShow } from '#ipctools/cli/watch/columns';
import { drawFrame, pageLines, type Picture } from '#ipctools/cli/watch/frame';
import { keyLines } from '#ipctools/cli/watch/keys';
import { FIRST_VIEW, type View } from '#ipctools/cli/watch/view';
import { watched } from './queues.js';

const queues = [watched(1, 5, [3, 0]), watched(2, 100), watched(3)];

function draw(
  columns: number,
  view: Partial<View> = {},
  own: Partial<Picture> = {},
  paint = plain,
  rows = 8,
): readonly string[] {
  const size = { columns, rows };
  const picture: Picture = {
    sample: { time: 0, seconds: 1, queues },
    queues,
    columns: columnsToShow(undefined, false),
    view: { ...FIRST_VIEW, ...view },
    look: undefined,
    interval: 1000,
    ...own,
  };
  return drawFrame(picture, pageLines(picture, size, paint), size, paint);
}

for (const columns of [20, 40, 60, 80, 120, 200]) {
  test(`every page fills a terminal of ${columns} columns, and no line is wider`, () => {
    const look = { refusal: 'queue 5 (key 0x00000080) is gone; Esc goes back to the list' };
    for (const page of ['queues', 'queue', 'help'] as const) {
      const lines = draw(columns, { page, conditions: ['messages>0'] }, { look });
      assert.equal(lines.length, 8);
      for (const line of lines) assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
    }
  });
}

test('80 columns show which program fills which queue, and no history', () => {
  const [, heads = ''] = draw(80);
  assert.match(heads, /^ {2}KEY +ID +MESSAGES +FULL +IN\/S +OUT\/S +WAIT +LAST-SENDER +IDLE$/);
});

test('a wide terminal shows the history too', () => {
  assert.match(draw(200)[1] ?? '', /PROGRAM.* HISTORY$/);
});

test('a column that was chosen comes before the history, and before the others', () => {
  const columns = columnsToShow('+unit,+limit', false);
  assert.match(draw(100, {}, { columns })[1] ?? '', /UNIT +LIMIT/);
  assert.doesNotMatch(draw(100, {}, { columns })[1] ?? '', /HISTORY/);
});

test('the cursor and the tags are marks, with colours and without', () => {
  const marked = { cursor: ' 2', tagged: new Set([' 2', ' 3']) };
  assert.deepEqual(
    draw(80, marked)
      .slice(2, 5)
      .map((line) => line.slice(0, 12)),
    ['  0x00000081', '>*0x00000082', ' *0x00000083'],
  );
  // oxlint-disable-next-line no-control-regex
  assert.match(draw(80, marked, {}, colored)[3] ?? '', /^\u001b\[7m>\*0x00000082.*\u001b\[27m$/);
  assert.match(draw(80, marked)[0] ?? '', /3 queues, 2 tagged, 105 messages/);
});

test('the label of the column that sorts has an arrow', () => {
  assert.match(draw(80, { sort: '-messages' })[1] ?? '', /MESSAGES[v↓]/);
  assert.match(draw(80, { sort: 'messages' })[1] ?? '', /MESSAGES[\^↑]/);
});

test('an empty list says so in words', () => {
  assert.equal(draw(80, {}, { sample: { time: 0, seconds: 1, queues: [] }, queues: [] })[2], 'no queues');
  const none = draw(80, { conditions: ['messages>500'] }, { queues: [] });
  assert.equal(none[2], 'no queue satisfies the filter');
  assert.match(none[0] ?? '', / 0 of 3 queues \(messages>500\), 105 messages/);
});

test('the last line is what is typed, or what was not done, or the keys', () => {
  const last = (view: Partial<View>): string => draw(80, view).at(-1) ?? '';
  assert.match(last({ typed: 'messages>' }), /^\/messages>_ /);
  assert.equal(last({ message: 'nothing is cleaned' }), 'nothing is cleaned');
  assert.match(last({}), /^q quit {2}\? help {2}enter look/);
});

test('the help names every key', () => {
  const lines = draw(100, { page: 'help' }, {}, plain, 40);
  for (const line of keyLines()) assert.ok(lines.includes(line), line);
});

test('on a narrow screen the help of a key goes on below itself', () => {
  const lines = draw(40, { page: 'help' }, {}, plain, 40);
  const at = lines.indexOf('arrows         move the cursor, as do');
  assert.deepEqual(lines.slice(at + 1, at + 3), [
    '               Page Up, Page Down, Home,',
    '               End',
  ]);
});
