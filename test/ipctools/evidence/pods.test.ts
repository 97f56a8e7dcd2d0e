import assert from 'node:assert/strict';
import test from 'node:test';
import { quoted } from '../../helpers/shell.js';
import { playScene, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';
import { bin } from '../../helpers/node.js';

const skip = skipWithoutWorlds();
const node = quoted(process.execPath);

/** Runs the command in a container of the pod: the scene's IPC namespace, and a pid namespace of its own. */
const container = 'unshare --pid --fork --kill-child --mount-proc';
const clean = `${container} ${node} ${quoted(bin('ipctools'))} clean --older-than 0 --yes`;
const left = `echo "left: $(ipctools list all --raw --no-header --columns key | tr '\\n' ' ')"`;

/** A server in a container of its own, which is killed there. */
const deadServer = `
said=$(mktemp)
${container} ${node} ${quoted(bin('time-server'))} >"$said" 2>&1 & server=$!
until grep -q listening "$said"; do sleep 0.02; done
kill -KILL $(cat /proc/$server/task/$server/children)
wait $server
`;

test(
  'clean leaves a queue in which a process of a sibling container is blocked, and says what decides',
  { skip },
  async (t) => {
    const scene = `${tools}
ipctools create --key 0x80 >/dev/null
${container} ${node} ${quoted(bin('ipctools'))} receive 0x80 >/dev/null &
blocked 0 1
${clean} --no-backup; echo "code $?"
${left}`;
    const { stdout, stderr } = await playScene(t, scene);
    assert.equal(stdout, 'nothing is stale, left 1 unknown; nothing done\ncode 0\nleft: 0x00000080 \n');
    assert.match(
      stderr,
      /^ipctools: queue 0 \(key 0x00000080\): unknown, so it stays: a thread may be blocked in it: not every process is visible here\. To decide: run ipctools as root in the pid namespace of the host, or pass --assume-unseen-idle [^\n]+\n$/,
    );
  },
);

test(
  'clean leaves a set that a process of a sibling container has initialised and uses',
  { skip },
  async (t) => {
    const holder = `import { SemaphoreSet } from '@timeq/mq-native';
const set = SemaphoreSet.create(0x80, { count: 2 });
set.setValue(0, 0);
console.log('set');
setInterval(() => {}, 60_000);`;
    const scene = `${tools}
said=$(mktemp)
${container} ${node} --input-type=module --eval "${holder}" >"$said" &
until [ -s "$said" ]; do sleep 0.02; done
${clean} --kind semaphores; ${left}`;
    const { stdout } = await playScene(t, scene);
    assert.equal(stdout, 'nothing is stale, left 1 unknown; nothing done\nleft: 0x00000080 \n');
  },
);

test(
  'clean leaves a queue beside whose key a process of a sibling container has used semaphores',
  { skip },
  async (t) => {
    const mutex = `import { MessageQueue, SemaphoreSet } from '@timeq/mq-native';
MessageQueue.create(0x80);
SemaphoreSet.create(0x80, { count: 2 }).operateSync([{ delta: 1 }]);
console.log('used');
setInterval(() => {}, 60_000);`;
    const scene = `${tools}
said=$(mktemp)
${container} ${node} --input-type=module --eval "${mutex}" >"$said" &
until [ -s "$said" ]; do sleep 0.02; done
${clean} --no-backup --assume-unseen-idle; ${left}`;
    const { stdout } = await playScene(t, scene);
    assert.equal(stdout, 'nothing is stale, left 2 unknown; nothing done\nleft: 0x00000080 0x00000080 \n');
  },
);

test(
  'of a server that died in another container of the pod, all three programs judge the same, each with its next step',
  { skip },
  async (t) => {
    const scene = `${tools}${deadServer}
${clean}; echo "code $?"
${node} ${quoted(bin('time-client'))} now 2>&1; echo "code $?"
${left}
said=$(mktemp)
${node} ${quoted(bin('time-server'))} >"$said" 2>&1 & server=$!
until grep -q listening "$said"; do sleep 0.02; done
kill $server; wait $server; echo "code $?"; cat "$said"`;
    const { stdout, stderr } = await playScene(t, scene);
    assert.match(
      stdout,
      /^nothing is stale, left 2 unknown; nothing done\ncode 0\ntime-client: the time server at key 0x00000080 is dead and left its queue behind; [^\n]+\ncode 3\nleft: 0x00000080 0x00000080 \ncode 0\n/,
    );
    assert.match(stdout, /died|dead|left behind/, 'the server says that it follows one that has died');
    assert.match(
      stderr,
      /^ipctools: 2 objects, such as queue 0 \(key 0x00000080\): unknown, so they stay: its liveness semaphore was lowered, as when a server dies, but only its own pid namespace shows whether the server died\. To decide: run ipctools as root in the pid namespace of the host, or remove it with `ipctools remove`\n$/,
    );
  },
);

test('if /proc is that of another pid namespace, no pid in it is trusted', { skip }, async (t) => {
  const sender = `import { MessageQueue } from '@timeq/mq-native';
MessageQueue.open(0x80).trySend(1, 'x');
console.log('sent');
setInterval(() => {}, 60_000);`;
  // Without --mount-proc the numbers in /proc are those of the namespace outside.
  const scene = `${tools}
ipctools create --key 0x80 >/dev/null
export SENDER="${sender}"
unshare --pid --fork --kill-child bash -c '
said=$(mktemp)
"$1" --input-type=module --eval "$SENDER" >"$said" &
until [ -s "$said" ]; do sleep 0.02; done
"$1" "$2" stale queues --older-than 0 --assume-unseen-idle --json' bash ${node} ${quoted(bin('ipctools'))}`;
  const { stdout } = await playScene(t, scene);
  const { objects } = JSON.parse(stdout) as { objects: { verdict: string; reasons: string[] }[] };
  assert.deepEqual(
    objects.map(({ verdict, reasons }) => [verdict, reasons.map((reason) => reason.replace(/\d+/, 'PID'))]),
    [['unknown', ["its last sender PID can't be seen by this user"]]],
  );
});
