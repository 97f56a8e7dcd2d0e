import assert from 'node:assert/strict';
import test from 'node:test';
import { BLOCKS, drawBar, drawSparkline } from '#ipctools/cli/watch/drawing';
import { root, runSnippet, specifier } from '../../helpers/node.js';
import { scratchFolder } from '../world.js';

test('a bar is as long as its share, and what is not empty shows', () => {
  assert.deepEqual(
    [0, 0.1, 50, 99, 100, 140].map((percent) => drawBar(percent, 4, BLOCKS)),
    ['    ', '▏   ', '██  ', '████', '████', '████'],
  );
});

test('a sparkline has the newest at the right and its highest value at full height', () => {
  assert.equal(drawSparkline([0, 1, 4, 8], 6, BLOCKS), '   ▁▄█');
  assert.equal(drawSparkline([], 6), '');
  assert.equal(drawSparkline([0, 0], 3), '   ');
});

test('a sparkline of more values than columns keeps the peaks', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index === 50 ? 8 : 1));
  const line = drawSparkline(values, 10, BLOCKS);
  assert.equal(line.length, 10);
  assert.equal(line.replaceAll('▁', ''), '█');
});

test('what the terminal did not take is drawn again', async (t) => {
  const screen = `${scratchFolder(t)}/screen`;
  const { stdout, stderr } = await runSnippet(
    t,
    `import { AlternateScreen } from ${specifier(`${root}packages/ipctools/dist/cli/watch/alternate-screen.js`)};
    import { openSync, readFileSync } from 'node:fs';
    const [path] = process.argv.slice(1);
    const output = { fd: openSync(path, 'w'), columns: 80, rows: 24 };
    const works = output.fd;
    const alternate = new AlternateScreen({ isTTY: false }, output);
    alternate.draw(['one', 'two']);
    // Nothing can be written to it.
    output.fd = openSync('/dev/null', 'r');
    alternate.draw(['one', 'three']);
    output.fd = works;
    alternate.draw(['one', 'three']);
    console.log(readFileSync(path, 'utf8').split('\\u001b[K').slice(1).map((row) => /^\\w+/.exec(row)[0]).join());`,
    [screen],
  );
  assert.equal(stdout, 'one,two,one,three\n', stderr);
});
