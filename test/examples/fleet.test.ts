import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { skipWithoutBridge } from '../bridge/support.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { skipWithoutNamespaces, unshare, works } from '../helpers/namespace.js';
import { root } from '../helpers/node.js';
import { start } from '../helpers/process.js';
import { nothingLeft, runExample, startExample, startOnTerminal } from './example.js';

const skip = skipWithoutBridge() || skipWithoutNamespaces();

/** An environment with a folder of its own for files, and a mark by which its processes are found. */
function ownEnvironment(t: TestContext): { readonly folder: string; readonly env: Record<string, string> } {
  const folder = temporaryFolder(t);
  return { folder, env: { TMPDIR: folder, TIMEQ_TEST_MARK: randomUUID() } };
}

/** Until no process of this environment is left, and then no file. */
async function untilNothingIsLeft({ folder, env }: ReturnType<typeof ownEnvironment>): Promise<void> {
  await until(() => processesWith(env['TIMEQ_TEST_MARK'] ?? '').length === 0, 'the end of all processes');
  assert.deepEqual(readdirSync(folder), []);
}

function processesWith(mark: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(join('/proc', name, 'environ'), 'utf8').includes(mark);
    } catch {
      // It has ended, or is another user's.
      return false;
    }
  });
}

test(
  'each message of three hosts arrives once and in order, though bridges and NATS are killed',
  { skip },
  async (t) => {
    const own = ownEnvironment(t);
    const { code, stdout, stderr } = await runExample(t, ['fleet', '--messages', '400'], { env: own.env });
    assert.deepEqual([code, stderr], [0, ''], stdout);
    for (const host of ['alpha', 'beta', 'gamma']) {
      // Sent, arrived, lost, doubled, out of order, kills.
      assert.match(stdout, new RegExp(`^${host} +[\\w.]+ +400 +400 +0 +0 +0 +3$`, 'm'));
    }
    assert.match(stdout, /\d+ of 1200 messages have arrived; NATS is killed\n/);
    assert.match(
      stdout,
      /\n9 bridges and 1 NATS server were killed with kill -9\. The stream has 1200 messages\.\n$/,
    );
    await untilNothingIsLeft(own);
  },
);

test('Ctrl-C in the middle leaves no process, no queue and no file', { skip }, async (t) => {
  const own = ownEnvironment(t);
  // A machine without PHP.
  const commands = join(own.folder, 'commands');
  mkdirSync(commands);
  for (const name of ['unshare', 'true', 'nats-server']) {
    const found = (process.env['PATH'] ?? '').split(delimiter).find((each) => existsSync(join(each, name)));
    symlinkSync(join(found ?? '/usr/sbin', name), join(commands, name));
  }
  const example = startExample(t, ['fleet'], { env: { ...own.env, PATH: commands } });
  await example.waitFor(
    'PHP with sysvmsg (apt install php-cli) is not installed: Node.js sends in its place',
  );
  await example.waitFor(/host alpha: Node\.js sends/);
  await example.waitFor('is killed');
  // It, NATS, and of each host the host and its bridge; senders may be done.
  assert.ok(processesWith(own.env['TIMEQ_TEST_MARK'] ?? '').length >= 6);
  const { code, stderr } = await example.killed('SIGINT');
  assert.deepEqual([code, stderr], [130, '']);
  rmSync(commands, { recursive: true });
  // The queues and slots go with the namespaces, and these with their last process.
  await untilNothingIsLeft(own);
});

test(
  'Ctrl-C on a terminal shows no trace of any of its programs',
  { skip: skip || skipWithoutCommands('script') },
  async (t) => {
    const example = startOnTerminal(t, ['fleet']);
    await example.waitFor('is killed');
    example.write('\x03');
    const { stdout } = await example.exit();
    assert.ok(stdout.endsWith(`${nothingLeft}\n`), stdout);
    assert.doesNotMatch(stdout, /Error|Traceback|Interrupt|^ +at /m);
  },
);

test('a number that is none is one sentence and exit code 2', async (t) => {
  for (const words of [['--messages', 'all'], ['--messages', '9'], ['--messages'], ['--hosts', '5']]) {
    const { code, stderr } = await runExample(t, ['fleet', ...words]);
    assert.deepEqual(
      [code, stderr],
      [2, 'The only option is --messages N, with 10 to 1000000 messages of each host.\n'],
    );
  }
});

const hidden = '/usr/sbin/nats-server';
const mount = unshare('--mount');
const skipMounting = !existsSync(hidden) || works(mount) ? false : 'mount namespaces cannot be made here';

test('without nats-server it says in one sentence what to install', { skip: skipMounting }, async (t) => {
  const hide = existsSync(hidden) ? `mount --bind /dev/null ${hidden} && ` : '';
  const [command = '', ...options] = mount;
  const shell = `${hide}PATH=/nonexistent exec "$@"`;
  const runner = [process.execPath, `${root}scripts/example.js`, 'fleet'];
  const { code, stdout, stderr } = await start(t, command, [
    ...options,
    '--',
    'sh',
    '-c',
    shell,
    'sh',
    ...runner,
  ]).exit();
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(
    stderr,
    'This example needs nats-server; install it with "apt install nats-server", or from https://nats.io/download.\n',
  );
});
