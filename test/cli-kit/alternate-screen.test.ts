import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runSnippet, specifier } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?25h\u001b[?1049l';

/** What a program shows that enters the screen, with its errors, and then does something. The modes of keys are shown, too. */
async function show(t: TestContext, action: string): Promise<string> {
  const file = `${temporaryFolder(t)}/shown`;
  const program = `import { AlternateScreen } from ${specifier(`${root}packages/cli-kit/dist/screens/alternate-screen.js`)};
import { writeSync } from 'node:fs';
const input = { isTTY: true, setRawMode: (on) => writeSync(1, on ? '<keys>' : '<lines>') };
const screen = new AlternateScreen(input, { fd: 1, columns: 80, rows: 24 });
screen.draw(['drawn']);
${action}`;
  const command = [process.execPath, '--input-type=module', '--eval', program].map(quoted).join(' ');
  await run(t, 'sh', ['-c', `${command} >${quoted(file)} 2>&1`]);
  return readFileSync(file, 'utf8');
}

test('a program that exits while it shows the screen gives the terminal back', async (t) => {
  const shown = await show(t, 'process.exit(5);');
  assert.ok(shown.startsWith(`<keys>${ENTER}`), JSON.stringify(shown));
  assert.ok(shown.endsWith(`${LEAVE}<lines>`), JSON.stringify(shown));
});

test('a program that crashes gives the terminal back before it says why', async (t) => {
  const shown = await show(t, "throw new Error('on purpose');");
  const [, after = ''] = shown.split(`${LEAVE}<lines>`);
  assert.match(after, /Error: on purpose/, JSON.stringify(shown));
});

test('after it was left nothing is drawn, and nothing is given back again', async (t) => {
  const shown = await show(
    t,
    "screen.leave(); screen.draw(['late']); screen.clear(); screen[Symbol.dispose]();",
  );
  assert.ok(shown.endsWith(`${LEAVE}<lines>`), JSON.stringify(shown));
  assert.equal(shown.split(LEAVE).length, 2);
});

test('after a return the whole screen is drawn again', async (t) => {
  const shown = await show(t, "screen.leave(); screen.enter(); screen.draw(['drawn']); screen.leave();");
  assert.equal(shown.split('drawn').length, 3, JSON.stringify(shown));
  assert.equal(shown.split('<keys>').length, 3);
});

test('only what has changed is drawn', async (t) => {
  const shown = await show(
    t,
    "screen.draw(['drawn']); screen.draw(['changed']); screen.clear(); screen.draw(['changed']);",
  );
  assert.deepEqual(
    [shown.split('drawn').length, shown.split('changed').length],
    [2, 3],
    JSON.stringify(shown),
  );
});

test('output that the terminal did not accept is drawn again', async (t) => {
  const screen = `${temporaryFolder(t)}/screen`;
  const { stdout, stderr } = await runSnippet(
    t,
    `import { AlternateScreen } from ${specifier(`${root}packages/cli-kit/dist/screens/alternate-screen.js`)};
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
