import assert from 'node:assert/strict';
import test from 'node:test';
import { EvidenceGatherer, Facts, judge } from '@timeq/ipctools';
import { MessageQueue, PROC, Processes } from '@timeq/mq-native';
import { freshKey } from '../../helpers/keys.js';
import { quoted } from '../../helpers/shell.js';
import { playScene, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';

const skip = skipWithoutWorlds();

/** Sends, and lives on. */
const sender = `import { MessageQueue } from '@timeq/mq-native';
MessageQueue.create(0x80).trySend(1, 'x');
console.log('sent');
setInterval(() => {}, 60_000);`;

test("an uptime that is not the machine's, as lxcfs shows it, makes no process dead", { skip }, async (t) => {
  const { code, stdout } = await playScene(
    t,
    `${tools}background "${sender}"
fake=$(mktemp); echo '0.01 0.01' >"$fake"
unshare --mount bash -c 'mount --bind "$1" /proc/uptime || exit 77; shift; exec "$@"' bash "$fake" \\
${quoted(process.execPath)} packages/ipctools/bin/ipctools.js stale queues --older-than 0 --assume-unseen-idle --json`,
  );
  if (code === 77) return t.skip('nothing can be mounted over /proc/uptime here');
  const { objects } = JSON.parse(stdout) as { objects: { verdict: string; rule: number }[] };
  assert.deepEqual(
    objects.map(({ verdict, rule }) => [verdict, rule]),
    [['idle', 8]],
  );
});

for (const offset of [1_000_000, -1]) {
  test(`a time namespace, ${offset} s from the machine's, makes no process dead`, { skip }, async (t) => {
    const { code, stdout } = await playScene(
      t,
      `${tools}background "${sender}"
unshare --time --boottime ${offset} true || exit 77
unshare --time --boottime ${offset} --fork ${quoted(process.execPath)} packages/ipctools/bin/ipctools.js stale queues --older-than 0 --assume-unseen-idle --json`,
    );
    if (code === 77) return t.skip('no time namespace can be made here');
    const { objects } = JSON.parse(stdout) as { objects: { verdict: string; rule: number }[] };
    assert.deepEqual(
      objects.map(({ verdict, rule }) => [verdict, rule]),
      [['idle', 8]],
    );
  });
}

test('a clock that was set forward an hour since makes no process dead', (t) => {
  const queue = MessageQueue.create(freshKey(t));
  queue.trySend(1, 'x');
  const { sendTime } = queue.stat();
  const hour = 3600;
  const later = { ...PROC, bootTime: () => PROC.bootTime() + hour };
  assert.equal(new Processes(later).find(process.pid, sendTime).state, 'reused');
  const facts = new Facts({ source: later, now: sendTime + 2 * hour });
  const judgement = judge(new EvidenceGatherer(facts).gather({ kind: 'queue', entry: queue.stat() }), {
    olderThanSeconds: hour,
    assumeUnseenIdle: true,
  });
  assert.equal(judgement.verdict, 'unknown');
  assert.match(
    judgement.reasons.join('; '),
    /its last sender \d+ may be alive: .* unless the clock was set$/,
  );
});

test('a clock that was set back makes no process dead either', () => {
  const hour = 3600;
  const earlier = { ...PROC, bootTime: () => PROC.bootTime() - hour };
  assert.equal(new Processes(earlier).find(process.pid, Math.floor(Date.now() / 1000)).state, 'alive');
});

test("this process's own start is told to within a second", () => {
  const started = new Processes().live(process.pid)?.startTime ?? 0;
  const [now] = [Date.now() / 1000];
  // Node counts from a moment after the fork.
  assert.ok(started <= performance.timeOrigin / 1000 + 0.05 && started > now - 3600, `${started}`);
});
