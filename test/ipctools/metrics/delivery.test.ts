import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../../helpers/cleanup.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { freshKey } from '../../helpers/keys.js';
import { skipUnlessPowerless } from '../../helpers/users.js';
import { ipctools, powerless, startIpctools } from '../support.js';

/** Starts `ipctools metrics --listen`, and waits until it serves. */
async function serve(t: TestContext, address = '0') {
  const server = startIpctools(t, ['metrics', '--listen', address]);
  const [, url = ''] = await server.waitFor(/^ipctools: metrics are at (http:\S+); stop it with Ctrl-C\n/);
  return { server, url };
}

test('a file is written for every user, and replaced', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'ipc metrics.prom');
  const { id } = MessageQueue.create(freshKey(t));
  for (const before of [undefined, 'old\n']) {
    if (before !== undefined) writeFileSync(file, before);
    const { code, stdout, stderr } = await ipctools(t, ['metrics', '--textfile', file]);
    assert.deepEqual([code, stdout, stderr], [0, '', '']);
    const text = readFileSync(file, 'utf8');
    assert.match(
      text,
      new RegExp(`^ipc_queue_messages\\{key="0x[0-9a-f]{8}",id="${id}",owner=".*"\\} 0$`, 'm'),
    );
    // node_exporter reads the older format, which has no end.
    assert.ok(!text.includes('# EOF'));
    assert.equal(statSync(file).mode & 0o777, 0o644);
    assert.deepEqual(readdirSync(folder), ['ipc metrics.prom']);
  }
});

test('a file that can not be written whole stays as it was', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'ipc.prom');
  writeFileSync(file, 'old\n');
  const script = 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"';
  const words = [
    process.execPath,
    join('packages', 'ipctools', 'bin', 'ipctools.js'),
    'metrics',
    '--textfile',
    file,
  ];
  const { status, stderr } = spawnSync('bash', ['--norc', '-c', script, ...words], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(stderr, `ipctools: could not write ${file}: EFBIG; what was there before is unchanged\n`);
  assert.equal(readFileSync(file, 'utf8'), 'old\n');
  assert.deepEqual(readdirSync(folder), ['ipc.prom']);
});

test('a folder that is not there, or a folder instead of a file, is named', async (t) => {
  const folder = temporaryFolder(t);
  const missing = join(folder, 'missing', 'ipc.prom');
  const absent = await ipctools(t, ['metrics', '--textfile', missing]);
  assert.equal(absent.code, 1);
  assert.equal(
    absent.stderr,
    `ipctools: could not write ${missing}: there is no folder ${join(folder, 'missing')}; make it, or name another file\n`,
  );
  const directory = await ipctools(t, ['metrics', '--textfile', folder]);
  assert.equal(directory.code, 2);
  assert.match(directory.stderr, /^ipctools: could not write .*: it is a folder; name a file in it/);
  assert.deepEqual(readdirSync(folder), []);
});

test('a device, a pipe or a link to one is not replaced by a file', async (t) => {
  const folder = temporaryFolder(t);
  const pipe = join(folder, 'pipe');
  const link = join(folder, 'link');
  const device = join(folder, 'null');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  symlinkSync(pipe, link);
  // Only what the test has made: a fault would replace it.
  const isMade = spawnSync('mknod', [device, 'c', '1', '3']).status === 0;
  for (const place of [pipe, link, ...(isMade ? [device] : [])]) {
    const before = lstatSync(place);
    const { code, stdout, stderr } = await ipctools(t, ['metrics', '--textfile', place]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^ipctools: could not write .*: it is no regular file, [^\n]*\n$/);
    assert.equal(lstatSync(place).ino, before.ino);
  }
});

test('a link to a file stays, and the file is replaced', async (t) => {
  const folder = temporaryFolder(t);
  const [file, link] = [join(folder, 'ipc.prom'), join(folder, 'link.prom')];
  writeFileSync(file, 'old\n');
  symlinkSync('ipc.prom', link);
  assert.equal((await ipctools(t, ['metrics', '--textfile', link])).code, 0);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.match(readFileSync(file, 'utf8'), /^# HELP /);
});

/** Root may do what these tests forbid, so it becomes another user. */
const ordinary = process.geteuid?.() === 0 ? 54_321 : undefined;

test('a folder of another user is exit code 5', { skip: skipUnlessPowerless() }, async (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o555);
  const { code, stderr } = await powerless(t, ['metrics', '--textfile', join(folder, 'ipc.prom')], ordinary);
  assert.equal(code, 5);
  assert.match(stderr, /^ipctools: could not write .*: this user may not write to .* \(EACCES\); /);
});

test(
  'a folder that may not be looked into is exit code 5, too',
  { skip: skipUnlessPowerless() },
  async (t) => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o600);
    const { code, stderr } = await powerless(
      t,
      ['metrics', '--textfile', join(folder, 'ipc.prom')],
      ordinary,
    );
    assert.equal(code, 5);
    assert.match(stderr, /^ipctools: could not write .*: this user may not write to .* \(EACCES\); /);
  },
);

test('links in a circle are one sentence', async (t) => {
  const link = join(temporaryFolder(t), 'link');
  symlinkSync('link', link);
  const { code, stderr } = await ipctools(t, ['metrics', '--textfile', link]);
  assert.deepEqual(
    [code, stderr],
    [1, `ipctools: could not write ${link}: ELOOP; what was there before is unchanged\n`],
  );
});

test('wrong usage is one sentence, and nothing is written', async (t) => {
  for (const [words, sentence] of [
    [['now'], /^ipctools: metrics takes options only, not 'now'; see `ipctools metrics --help`\n$/],
    [['--listen', '0', '--textfile', 'x'], /^ipctools: use either --textfile or --listen; see/],
    [['--listen', '70000'], /^ipctools: '70000' is not an address to listen on; write PORT or HOST:PORT, /],
    [['--listen', 'http://localhost:1'], /is not an address to listen on/],
    [['--listen', '::1:9464'], /is not an address to listen on/],
    [['--listen', '192.0.2.1:0'], /^ipctools: 192\.0\.2\.1 is no address of this machine; /],
    [['--listen', 'no host:0'], /is not an address to listen on/],
    [['--max-series', '-1'], /'-1' is not a number of queues|argument missing/],
  ] as const) {
    const { code, stdout, stderr } = await ipctools(t, ['metrics', ...words]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
    assert.equal(stdout, '');
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  }
});

test('a scraper gets the format that it asks for, and the queues of that moment', async (t) => {
  const { url } = await serve(t);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const queue = MessageQueue.create(freshKey(t));
  for (const messages of [0, 1]) {
    for (const [accept, type] of [
      [
        'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
        'application/openmetrics-text; version=1.0.0; charset=utf-8',
      ],
      ['*/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ] as const) {
      const response = await fetch(url, { headers: { accept } });
      const text = await response.text();
      assert.deepEqual([response.status, response.headers.get('content-type')], [200, type]);
      assert.match(text, new RegExp(`^ipc_queue_messages\\{.*id="${queue.id}".*\\} ${messages}$`, 'm'));
      assert.equal(text.endsWith('# EOF\n'), type.startsWith('application/'));
    }
    queue.trySend(1, 'hello');
  }
  const head = await fetch(url, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  assert.equal((await fetch(new URL('/', url))).status, 404);
  const post = await fetch(url, { method: 'POST' });
  assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, HEAD']);
});

test('Ctrl-C and SIGTERM end it with 0, also with a connection that stays open', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { server, url } = await serve(t, '[::1]:0').catch(() => serve(t, 'localhost:0'));
    await (await fetch(url)).text();
    const { code, stderr } = await server.killed(signal);
    assert.deepEqual([code, stderr], [0, '']);
  }
});

test('a port that another program has is exit code 1', async (t) => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  atEnd(t, () => void other.close());
  const { port } = other.address() as AddressInfo;
  const { code, stdout, stderr } = await ipctools(t, ['metrics', '--listen', port]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(stderr, `ipctools: another program listens on 127.0.0.1:${port}; use another port\n`);
});

/** Containers may leave all ports to every user. */
function skipWithoutPrivilegedPorts(): string | false {
  const first = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  return first > 1
    ? skipUnlessPowerless()
    : 'every user may listen on every port here (ip_unprivileged_port_start)';
}

test('a port of root is exit code 5', { skip: skipWithoutPrivilegedPorts() }, async (t) => {
  const { code, stderr } = await powerless(t, ['metrics', '--listen', '1'], ordinary);
  assert.equal(code, 5);
  assert.equal(stderr, 'ipctools: this user may not listen on 127.0.0.1:1; use a port from 1024 up\n');
});
