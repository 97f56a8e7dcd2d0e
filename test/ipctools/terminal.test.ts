import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import test, { type TestContext } from 'node:test';
import { displayWidth } from '@timeq/cli-kit/text/width';
import { mask, playScene, sceneOnTerminal, skipWithoutTerminals } from './support.js';

const skip = skipWithoutTerminals();

const objects = `
ipctools create --key 0x80 >/dev/null; ipctools create --key 0x81 --max-bytes 10 >/dev/null
ipctools send 0x80 "$(seq 1 200 | tr '\\n' ' ')"; ipctools send 0x81 1234567890
ipcmk -M 5000 >/dev/null; ipcmk -S 3 >/dev/null
`;

async function linesOn(t: TestContext, columns: number, commands: string, env = {}): Promise<string[]> {
  const { stdout } = await sceneOnTerminal(t, commands, columns, env).exit();
  return stdout.replaceAll('\r', '').trimEnd().split('\n');
}

for (const columns of [40, 60, 80, 200]) {
  test(`no line is wider than a terminal of ${columns} columns`, { skip }, async (t) => {
    const commands = [
      '',
      'list',
      'list all --columns all',
      'show 0x80',
      'peek 0x80',
      'limits',
      'rm 0x80 --dry-run',
      'stale',
      'stale --explain',
    ];
    const script = commands.map((words) => `ipctools ${words}`).join('\n');
    for (const line of await linesOn(t, columns, objects + script)) {
      assert.ok(displayWidth(line) <= columns, `${displayWidth(line)}: ${line}`);
    }
  });
}

test('what is not mounted is said within the width of a terminal', { skip }, async (t) => {
  const lines = await linesOn(t, 60, 'umount /dev/mqueue; mount -t tmpfs none /dev; ipctools');
  assert.deepEqual(lines.slice(-4), [
    '? POSIX queues: not mounted; `mkdir /dev/mqueue && mount -t',
    '  mqueue none /dev/mqueue` as root',
    '? no POSIX memory or semaphores: `mount -t tmpfs none',
    '  /dev/shm` as root',
  ]);
});

test('80 columns show what matters, and say what they have no room for', { skip }, async (t) => {
  assert.deepEqual(mask((await linesOn(t, 80, `${objects} ipctools list`)).join('\n')).split('\n'), [
    'KEY  ID  OWNER  MODE  MESSAGES  BYTES  FULL  WAITING  LAST-SENDER  IDLE',
    '─',
    '0x00000080  0  root  0600  1  692  4%  -  PID dead  AGO',
    '0x00000081  1  root  0600  1  10  100%  -  PID dead  AGO',
    'no room at 80 columns: LAST-RECEIVER (--columns chooses)',
  ]);
});

test('40 columns show whole facts and problems, wrapped between words', { skip }, async (t) => {
  const blocked = `${objects}
ipctools send 0x81 more & blocked 1 1
ipctools show 0x81; ipctools; ipctools list; kill $!`;
  const lines = (await linesOn(t, 40, blocked)).map((line) => line.replace(/\d\d+ node/, 'PID node'));
  const from = (start: string, count: number): string[] => {
    const index = lines.findIndex((line) => line.startsWith(start));
    return lines.slice(index, index + count).map((line) => line.replace(/\(thread \d+\)/, '(thread TID)'));
  };
  assert.deepEqual(from('largest', 2), ['largest   8192 bytes in one message', '          (msgmax)']);
  assert.deepEqual(from('waiting', 2), ['waiting   S PID node (thread TID) sends 4', '          bytes']);
  assert.deepEqual(from('! queue 1', 2), [
    '! queue 1 (key 0x00000081) is full: 1',
    '  message, 10 of 10 bytes',
  ]);
  assert.deepEqual(from('no room at 40 columns: OWNER', 2), [
    'no room at 40 columns: OWNER, MODE,',
    'WAITING, LAST-SENDER, LAST-RECEIVER,',
  ]);
});

test('a command line of many words takes four lines of a terminal', { skip }, async (t) => {
  const lines = await linesOn(
    t,
    40,
    `ipctools create --key 0x80 >/dev/null; perl -e 'msgsnd(0, pack("l! a*", 1, "x"), 0); sleep' $(seq 1000 1200) & 
until [ "$(ipctools list --columns messages --no-header | tr -d ' ')" = 1 ]; do :; done; ipctools show 0x80; kill $!`,
  );
  const sent = lines.findIndex((line) => line.startsWith('sent'));
  const received = lines.findIndex((line) => line.startsWith('received'));
  assert.equal(received - sent, 4, lines.join('\n'));
  assert.match(lines[received - 1] ?? '', /…$/);
});

test('a terminal of 50 columns shows the rules whole, wrapped between words', { skip }, async (t) => {
  const lines = await linesOn(t, 50, 'ipctools stale --explain');
  const rule = lines.findIndex((line) => /^ +2 {2}live/.test(line));
  assert.deepEqual(
    lines.slice(rule, rule + 3).map((line) => line.slice(22)),
    ['a thread is blocked in the', 'queue, or waits for a', 'semaphore of the set'],
  );
});

test('200 columns show all of them', { skip }, async (t) => {
  const [header, rule, ...rows] = await linesOn(t, 200, `${objects} ipctools list`);
  assert.match(header ?? '', /^KEY +ID .* LAST-SENDER {2}LAST-RECEIVER {2}IDLE$/);
  assert.match(rule ?? '', /^─+$/);
  assert.equal(rows.length, 2);
});

test('columns asked for by name are dropped last', { skip }, async (t) => {
  const [header = ''] = await linesOn(t, 80, `${objects} ipctools list --columns +sent,+changed`);
  assert.match(header, /^KEY .* SENT +CHANGED$/);
});

test('beyond some hundred rows a terminal gets lines that look the same', { skip }, async (t) => {
  const many = (count: number) =>
    `perl -e 'msgget(0x1000 + $_, 0600 | 01000) // die for 1 .. ${count}'; ipctools list`;
  const drawn = await linesOn(t, 80, many(250));
  const plain = await linesOn(t, 80, many(400));
  assert.equal(plain[0], drawn[0]);
  assert.deepEqual([drawn[1], plain[1]?.startsWith('─'), plain[2]?.startsWith('0x')], [plain[1], true, true]);
  assert.equal(plain.filter((line) => line.startsWith('0x')).length, 400);
});

const isColored = (text: string): boolean => text.includes('\u001b[');

test(
  'colour is for terminals, unless NO_COLOR is set; FORCE_COLOR decides before both',
  { skip },
  async (t) => {
    const list = `${objects} ipctools list`;
    const shown = async (env: Record<string, string | undefined>) =>
      (await linesOn(t, 80, list, { NO_COLOR: undefined, ...env })).join('\n');
    const colored = await shown({});
    assert.ok(isColored(colored));
    assert.ok(colored.includes('\u001b[31m100%\u001b[39m'));
    assert.equal(mask(stripVTControlCharacters(colored)), mask(await shown({ NO_COLOR: '1' })));
    assert.ok(isColored(await shown({ NO_COLOR: '1', FORCE_COLOR: '1' })));
    assert.ok(!isColored(await shown({ FORCE_COLOR: '0' })));
    assert.ok(!isColored(await shown({ TERM: 'dumb' })));
  },
);

test('off a terminal there is no colour, and nothing is cut', { skip }, async (t) => {
  const env = { NO_COLOR: undefined, COLUMNS: '40' };
  const { stdout } = await playScene(t, `${objects} ipctools list --columns all; ipctools peek 0x80`, {
    env,
  });
  assert.ok(!isColored(stdout));
  assert.match(stdout, /CREATOR-GROUP {2}CHANGED\n/);
  assert.ok(stdout.includes('199 200'));
  const forced = await playScene(t, `${objects} ipctools list`, { env: { ...env, FORCE_COLOR: '1' } });
  assert.ok(isColored(forced.stdout));
});

test('bodies can not write to the terminal', { skip }, async (t) => {
  const script = `ipctools create --key 0x80 >/dev/null
ipctools send 0x80 --hex '1b5b324a9b41' '1b5d303b6f776e656407'
ipctools peek 0x80; ipctools show 0x80; ipctools receive 0x80 --all`;
  const text = (await linesOn(t, 80, script)).join('\n');
  for (const control of ['\u001b', '\u009b', '\u0007']) assert.ok(!text.includes(control));
  assert.equal(text.split('\\x1b[2J\\x9bA').length, 4);
});
