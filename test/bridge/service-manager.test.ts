import assert from 'node:assert/strict';
import test from 'node:test';
import { skipWithout } from '../helpers/foreign.js';
import { bin, startNode } from '../helpers/node.js';
import { receiverAt, socketPath } from '../helpers/service-manager.js';
import { scene, skipWithoutBridge, startBridge, stopBridge } from './support.js';

const skip = skipWithoutBridge() || skipWithout('python');

for (const verb of ['out', 'in'] as const) {
  test(
    `a service manager hears that timeq-bridge ${verb} is ready, and that it stops`,
    { skip },
    async (t) => {
      const here = await scene(t);
      const path = socketPath(t);
      const manager = await receiverAt(t, path);
      const bridge = startBridge(here, verb, [], { env: { NOTIFY_SOCKET: path } });
      await manager.waitFor(/'READY=1\\nSTATUS=messages go from (?:queue \d+|stream TEST) .*'\n/);
      bridge.kill('SIGTERM');
      await manager.waitFor(/'STOPPING=1\\nSTATUS=stopping: SIGTERM'\n/);
      await manager.waitFor("'STATUS=stopped; no message is in flight'\n");
      const { code, stderr } = await bridge.exit();
      assert.deepEqual([code, stderr], [0, '']);
      assert.doesNotMatch(manager.stdout, /WATCHDOG/);
    },
  );
}

test('a bridge is not ready before NATS and the stream are there', { skip }, async (t) => {
  const here = await scene(t);
  await here.server.end();
  const path = socketPath(t);
  const manager = await receiverAt(t, path);
  const early = startBridge(here, 'out', [], { env: { NOTIFY_SOCKET: path } });
  assert.equal((await early.exit()).code, 3);
  await here.server.start();
  const bridge = startBridge(here, 'out', [], { env: { NOTIFY_SOCKET: path } });
  await manager.waitFor('READY=1');
  await stopBridge(bridge);
  assert.equal(manager.stdout.split('READY=1').length, 2);
});

test('a watchdog hears from a bridge while NATS is away, which the status then says', { skip }, async (t) => {
  const here = await scene(t);
  const path = socketPath(t);
  const manager = await receiverAt(t, path);
  const bridge = startBridge(here, 'out', [], { env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: '20000' } });
  await manager.waitFor('READY=1');
  await here.server.end();
  await manager.waitFor(/'STATUS=.*messages in slots and all others in the queue have to wait'\n/);
  for (let turn = 0; turn < 5; turn += 1) await manager.waitFor("'WATCHDOG=1'\n");
  await here.server.start();
  await manager.waitFor(/'STATUS=messages go to stream TEST again'\n/);
  await stopBridge(bridge);
});

test(
  'metrics that are served tell a service manager where they are, and that they stop',
  { skip },
  async (t) => {
    for (const command of ['ipctools', 'timeq-bridge'] as const) {
      const path = socketPath(t);
      const manager = await receiverAt(t, path);
      const server = startNode(t, [bin(command), 'metrics', '--listen', '0'], {
        env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: '20000' },
      });
      const [, url = ''] = await manager.waitFor(
        /'READY=1\\nSTATUS=metrics are at (http:\S+); stop it with Ctrl-C'\n/,
      );
      assert.equal((await fetch(url)).status, 200);
      for (let turn = 0; turn < 3; turn += 1) await manager.waitFor("'WATCHDOG=1'\n");
      server.kill('SIGTERM');
      await manager.waitFor(/'STOPPING=1\\nSTATUS=stopping'\n/);
      const { code, stderr } = await server.exit();
      assert.deepEqual([code, stderr], [0, '']);
    }
  },
);
