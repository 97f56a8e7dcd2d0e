import assert from 'node:assert/strict';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freshKey } from '../helpers/keys.js';
import { bin, runNode } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { skipWithoutOtherUsers } from '../helpers/users.js';
import { ask, serve } from './server.js';

test('without the token in the address there is no page and no data', async (t) => {
  const { url } = await serve(t);
  const { origin, pathname } = new URL(url);
  const token = pathname.slice(1, -1);
  assert.match(token, /^[\w-]{32}$/);
  const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  for (const path of [
    '/',
    '/events',
    '/queues/0',
    `/?token=${token}`,
    `/${wrong}/`,
    `/${wrong}/events`,
    '//',
    '/%',
  ]) {
    const { status, body } = await ask(`${origin}${path}`);
    assert.equal(status, 401, path);
    assert.equal(
      body,
      'Open the whole address that `ipctools serve` printed: the token in it is missing or wrong.\n',
    );
  }
  assert.equal((await ask(url)).status, 200);
});

test('a page of another site is refused, also under a name that points to this machine', async (t) => {
  const { url } = await serve(t);
  const { host, port } = new URL(url);
  const refused = [
    { host: `attacker.example:${port}` },
    { host: `127.0.0.1.attacker.example:${port}` },
    { host, origin: 'http://attacker.example' },
    { host, origin: `https://${host}` },
    { host, origin: 'null' },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of refused) {
    const { status, body } = await ask(url, headers);
    assert.equal(status, 403, JSON.stringify(headers));
    assert.equal(body, 'Requests of other sites are refused.\n');
  }
  for (const headers of [
    { host },
    { host: `localhost:${port}` },
    { host: '[::1]:9000' },
    { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
  ]) {
    assert.equal((await ask(url, headers)).status, 200, JSON.stringify(headers));
  }
});

test('the browser is told to run, load and ask nothing that is not the page’s own', async (t) => {
  const { url } = await serve(t);
  for (const path of ['', 'page.js', 'queues/4000000000', '../']) {
    const { headers } = await ask(`${url}${path}`);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.match(policy, /frame-ancestors 'none'; require-trusted-types-for 'script'/);
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['set-cookie'], undefined);
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
});

test('no method but GET and HEAD is answered', async (t) => {
  const { url } = await serve(t);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status, headers } = await ask(`${url}queues/0`, {}, method);
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
  }
});

test('it listens on the loopback address alone', async (t) => {
  const { process, url } = await serve(t);
  const port = Number(new URL(url).port);
  // The kernel's own table: local addresses as hexadecimal digits, 0A: listening.
  const listening = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${process.pid}/net/${name}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, local = '', , state]) =>
          state === '0A' && Number.parseInt(local.split(':')[1] ?? '', 16) === port,
      )
      .map(([, local = '']) => local.split(':')[0]),
  );
  assert.deepEqual(listening, ['0100007F']);
});

test('another address needs --listen, which says what that means', async (t) => {
  const { process, url } = await serve(t, '--listen', '0.0.0.0');
  assert.match(url, /^http:\/\/0\.0\.0\.0:\d+\//);
  await process.waitFor(/^ipctools: .*the token.*nothing is encrypted\n/, 'stderr');
});

test('a look at a queue takes nothing, and a queue that is not there is said to be gone', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  queue.trySend(3, 'stays');
  const { url } = await serve(t);
  const view = JSON.parse((await ask(`${url}queues/${queue.id}`)).body) as { messages: unknown };
  assert.deepEqual(view.messages, [{ type: '3', bytes: 5, text: 'stays' }]);
  assert.equal(queue.stat().messages, 1);
  for (const id of ['2147483647', '4000000000', '9999999999', '-1', '0x1', '']) {
    const gone = await ask(`${url}queues/${id}`);
    assert.deepEqual([gone.status, gone.body], [404, 'There is no such queue.\n'], id);
  }
});

test('mistakes get one sentence', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  atEnd(t, () => void taken.close());
  const folder = temporaryFolder(t);
  const open = join(folder, 'open');
  writeFileSync(open, `${'a'.repeat(32)}\n`);
  chmodSync(open, 0o644);
  const empty = join(folder, 'empty');
  writeFileSync(empty, '', { mode: 0o600 });
  const address = taken.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  for (const [options, sentence, code] of [
    [['--port', port], `port ${port} of 127.0.0.1 is in use; choose another with --port`, 1],
    [
      ['--port', '70000'],
      "'70000' is not a port; write a whole number from 0 to 65535; see `ipctools serve --help`",
      2,
    ],
    [['--listen', '192.0.2.1'], '192.0.2.1 is not an address of this machine; --listen takes one that is', 1],
    [['--interval', '5ms'], "'5ms' is too short; the shortest is 100ms; see `ipctools serve --help`", 2],
    [
      ['--token-file', open],
      `other users may read or write ${open}; run \`chmod 600\` on it, or delete it for a new token`,
      1,
    ],
    [
      ['--token-file', empty],
      `${empty} does not hold a token, 16 to 200 letters, digits, - and _; delete it, and the next start creates a new one`,
      1,
    ],
    [['--token-file', folder], `${folder} is not a file; name one for --token-file`, 1],
    [
      ['--token-file', join(folder, 'no', 'token')],
      `--token-file ${folder}/no/token can't be used (ENOENT)`,
      1,
    ],
  ] as const) {
    const exit = await runNode(t, [bin('ipctools'), 'serve', ...options]);
    assert.deepEqual([exit.stdout, exit.stderr, exit.code], ['', `ipctools: ${sentence}\n`, code]);
  }
});

test("--token-file takes no other user's file", { skip: skipWithoutOtherUsers() }, async (t) => {
  const path = join(temporaryFolder(t), 'token');
  writeFileSync(path, `${'a'.repeat(32)}\n`, { mode: 0o600 });
  chownSync(path, 65534, 65534);
  const { code, stderr } = await runNode(t, [bin('ipctools'), 'serve', '--token-file', path]);
  const sentence = `ipctools: ${path} belongs to user 65534, who can read it; name another file\n`;
  assert.deepEqual([code, stderr], [1, sentence]);
});

test('--token-file keeps the token for its user alone', async (t) => {
  const path = join(temporaryFolder(t), 'token');
  const first = await serve(t, '--token-file', path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  first.process.kill('SIGINT');
  assert.equal((await first.process.exit()).code, 0);
  const second = await serve(t, '--token-file', path);
  assert.equal(new URL(second.url).pathname, new URL(first.url).pathname);
  second.process.kill('SIGTERM');
  assert.equal((await second.process.exit()).code, 143);
});

test(
  'curl reads the feed as any client of server-sent events does',
  { skip: skipWithoutCommands('curl') },
  async (t) => {
    const queue = MessageQueue.create(freshKey(t));
    const { url } = await serve(t);
    const { stdout } = await run(t, 'sh', [
      '-c',
      `curl -sN "$0" | sed '/^data: .*"queues"/q'`,
      `${url}events`,
    ]);
    const [, hello = '', data = ''] =
      /^retry: 1000\nevent: hello\ndata: (.+)\n\ndata: (.+)\n/.exec(stdout) ?? [];
    assert.deepEqual(Object.keys(JSON.parse(hello) as object), [
      'version',
      'host',
      'user',
      'interval',
      'allowsChanges',
    ]);
    const { queues } = JSON.parse(data) as { queues: Array<{ id: number }> };
    assert.ok(queues.some(({ id }) => id === queue.id));
  },
);
