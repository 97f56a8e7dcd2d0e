import assert from 'node:assert/strict';
import test from 'node:test';
import { Interruption } from '@timeq/cli-kit/signals/interruption';

test('the first signal ends what is under way in order, and its number is the exit code', () => {
  using interruption = new Interruption();
  assert.deepEqual([interruption.signal.aborted, interruption.exitCode], [false, undefined]);
  process.emit('SIGINT', 'SIGINT');
  assert.deepEqual([interruption.signal.aborted, interruption.exitCode], [true, 130]);
  process.emit('SIGTERM', 'SIGTERM');
  assert.equal(interruption.exitCode, 130);
});

test('a Ctrl-C that npm hands on at once is the same one; a SIGTERM insists', () => {
  using interruption = new Interruption();
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGINT', 'SIGINT');
  assert.equal(interruption.insisted.aborted, false);
  process.emit('SIGTERM', 'SIGTERM');
  assert.equal(interruption.insisted.aborted, true);
});

test('a second Ctrl-C insists', (t) => {
  using interruption = new Interruption();
  const now = performance.now.bind(performance);
  process.emit('SIGINT', 'SIGINT');
  t.mock.method(performance, 'now', () => now() + 101);
  process.emit('SIGINT', 'SIGINT');
  assert.equal(interruption.insisted.aborted, true);
});

test('afterwards signals do what they always do', () => {
  const before = process.listenerCount('SIGHUP');
  new Interruption()[Symbol.dispose]();
  assert.equal(process.listenerCount('SIGHUP'), before);
});
