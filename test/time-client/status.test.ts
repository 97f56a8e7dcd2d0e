import assert from 'node:assert/strict';
import test from 'node:test';
import { ownServer, timeClient } from './support.js';

test('status tells the server’s pid, uptime, requests and queue', async (t) => {
  const { key, server } = await ownServer(t);
  assert.equal((await timeClient(t, key, ['now'])).code, 0);
  assert.equal((await timeClient(t, key, ['now', '--classic'])).code, 0);
  const { code, stdout } = await timeClient(t, key, ['status']);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`server +pid ${server.pid}, version`));
  assert.match(stdout, /uptime +[\d.]+ (s|min)/);
  assert.match(stdout, /requests +3 \(1 classic, 1 addressed, 1 status, 0 refused\)/);
  assert.match(stdout, /queue +id \d+, mode 0600, \d+ messages?, \d+ of \d+ bytes/);
  assert.match(stdout, /round trip +[\d.]+ ms/);
});

test('status --json tells the same to scripts, in one line', async (t) => {
  const { key, server } = await ownServer(t, ['--on-stop', 'ignore']);
  const { code, stdout } = await timeClient(t, key, ['status', '--json']);
  assert.equal(code, 0);
  assert.equal(stdout.trimEnd().split('\n').length, 1);
  const status = JSON.parse(stdout) as Record<string, unknown> & { queue: { key: number } };
  assert.equal(status['dialect'], 'addressed');
  assert.equal(status['pid'], server.pid);
  assert.equal(status['onStop'], 'ignore');
  assert.equal(status.queue.key, key);
  assert.match(String(status['uptimeNs']), /^\d+$/);
});
