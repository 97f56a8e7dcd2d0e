import assert from 'node:assert/strict';
import test from 'node:test';
import { skipWithout } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import { receiverAt, socketPath } from '../helpers/service-manager.js';
import { startServer } from './server.js';

const skip = skipWithout('python');

for (const [kind, address] of [
  ['a path', socketPath],
  ['an abstract address', () => `@timeq-test-${process.pid}`],
] as const) {
  test(
    `a service manager at ${kind} is told that the server is ready, and that it stops`,
    { skip },
    async (t) => {
      const path = address(t);
      const manager = await receiverAt(t, path);
      const server = await startServer(t, freshKey(t), [], { env: { NOTIFY_SOCKET: path } });
      await manager.waitFor(/'READY=1\\nSTATUS=listening on key 0x[0-9a-f]{8} .*'\n/);
      server.kill('SIGTERM');
      await manager.waitFor(/'STOPPING=1\\nSTATUS=stopping: SIGTERM'\n/);
      await manager.waitFor(/'STATUS=stopped: \d+ requests? answered, .*'\n/);
      assert.equal((await server.exit()).code, 0);
      assert.doesNotMatch(manager.stdout, /WATCHDOG/);
    },
  );
}

test('a watchdog hears from the server again and again', { skip }, async (t) => {
  const path = socketPath(t);
  const manager = await receiverAt(t, path);
  const env = { NOTIFY_SOCKET: path, WATCHDOG_USEC: '20000' };
  await startServer(t, freshKey(t), [], { env });
  for (let turn = 0; turn < 5; turn += 1) await manager.waitFor("'WATCHDOG=1'\n");
});

test('a watchdog that is meant for another process hears nothing', { skip }, async (t) => {
  const path = socketPath(t);
  const manager = await receiverAt(t, path);
  const env = { NOTIFY_SOCKET: path, WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' };
  const server = await startServer(t, freshKey(t), [], { env });
  server.kill('SIGTERM');
  await manager.waitFor("'STATUS=stopped");
  assert.doesNotMatch(manager.stdout, /WATCHDOG/);
});

test('a service manager that is gone is named once, and the server serves', async (t) => {
  const path = socketPath(t);
  const server = await startServer(t, freshKey(t), [], { env: { NOTIFY_SOCKET: path } });
  const { code, stderr } = await server.killed('SIGTERM');
  assert.equal(code, 0);
  assert.equal(
    stderr,
    `time-server: warning: the service manager's socket ${path} (NOTIFY_SOCKET) takes no messages: ENOENT\n`,
  );
});
