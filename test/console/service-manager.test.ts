import assert from 'node:assert/strict';
import test from 'node:test';
import { skipWithout } from '../helpers/foreign.js';
import { bin, startNode } from '../helpers/node.js';
import { receiverAt, socketPath } from '../helpers/service-manager.js';

const skip = skipWithout('python');

for (const isAbstract of [false, true]) {
  test(
    `a service manager at ${isAbstract ? 'an abstract address' : 'a path'} hears that the page is served, but not its token`,
    { skip },
    async (t) => {
      const path = isAbstract ? `@timeq-serve-${process.pid}` : socketPath(t);
      const manager = await receiverAt(t, path);
      const env = { NOTIFY_SOCKET: path, WATCHDOG_USEC: '20000' };
      const served = startNode(t, [bin('ipctools'), 'serve'], { env });
      const { port, pathname } = new URL(await served.nextLine());
      await manager.waitFor(`'READY=1\\nSTATUS=the page is at port ${port} of 127.0.0.1'\n`);
      for (let turn = 0; turn < 3; turn += 1) await manager.waitFor("'WATCHDOG=1'\n");
      served.kill('SIGTERM');
      await manager.waitFor("'STOPPING=1\\nSTATUS=stopping'\n");
      const { stdout, stderr } = await served.exit();
      assert.equal(stdout.trim().split('\n').length, 1);
      assert.equal(stderr, '');
      assert.ok(!manager.stdout.includes(pathname.slice(1, -1)));
    },
  );
}

test('a page that can not be served is not ready', { skip }, async (t) => {
  const path = socketPath(t);
  const manager = await receiverAt(t, path);
  const first = startNode(t, [bin('ipctools'), 'serve']);
  const { port } = new URL(await first.nextLine());
  const second = startNode(t, [bin('ipctools'), 'serve', '--port', port], { env: { NOTIFY_SOCKET: path } });
  assert.equal((await second.exit()).code, 1);
  assert.equal(manager.stdout.includes('READY'), false);
});
