import assert from 'node:assert/strict';
import test from 'node:test';
import { mask, playScene, skipWithoutWorlds } from './support.js';
import { tools } from './world.js';

const skip = skipWithoutWorlds();

/** Where there are no POSIX objects; some machines have no place to mount mqueue at. */
const none = { count: 0, bytes: 0, limit: null };
const noPosix = { queues: { ...none, messages: 0 }, memory: none, semaphores: none, stale: 0 };
const NOT_MOUNTED = /^\? POSIX queues: not mounted.*\n/;

test('without a verb there is an overview of all three kinds', { skip }, async (t) => {
  const scene = `
ipctools create --key 0x80 >/dev/null; ipctools send 0x80 one two
ipcmk -M 100000 >/dev/null; ipcmk -S 4 >/dev/null
echo 16 >/proc/sys/kernel/msgmni
ipctools; echo =; ipctools --json; echo =; ipctools overview`;
  const { stdout, stderr } = await playScene(t, scene);
  assert.equal(stderr.replace(NOT_MOUNTED, ''), '');
  const [text = '', json = '', named] = stdout.split('=\n');
  assert.deepEqual(mask(text).split('\n'), [
    'KIND  COUNT  LIMIT  FULL  CONTENT',
    'queues  1  16  6%  2 messages, 6 bytes',
    'segments  1  4096  0%  97.7K bytes',
    'semaphores  1  32000  0%  4 semaphores',
    '',
  ]);
  assert.equal(named, text);
  const parsed = JSON.parse(json) as {
    overview: { posix: { queues: { limit: number | null }; absent: readonly string[] } };
  };
  const { posix } = parsed.overview;
  assert.deepEqual(parsed, {
    overview: {
      queues: { count: 1, limit: 16, fullPercent: 6.25, messages: 2, bytes: 6 },
      segments: { count: 1, limit: 4096, fullPercent: 0.02, bytes: 100000, slots: 0 },
      semaphores: { count: 1, limit: 32000, fullPercent: 0, semaphores: 4 },
      posix: { ...noPosix, queues: { ...noPosix.queues, limit: posix.queues.limit }, absent: posix.absent },
      warnings: [],
      stale: 0,
      blockedKnown: true,
    },
  });
});

test('the overview warns of limits that are near and of full queues', { skip }, async (t) => {
  const scene = `
echo 5 >/proc/sys/kernel/msgmni
for key in 1 2 3 4 5; do ipctools create --key $key --max-bytes 2 >/dev/null; done
ipctools send 0x1 xy; ipctools send 0x2 '' ''
ipctools; echo =; ipctools --json`;
  const { stdout } = await playScene(t, scene);
  const [text = '', json = ''] = stdout.split('=\n');
  assert.deepEqual(
    text.split('\n').filter((line) => line.startsWith('!')),
    [
      '! 5 of 5 queues in use (msgmni); to raise it: sysctl -w kernel.msgmni=10',
      '! queue 0 (key 0x00000001) is full: 1 message, 2 of 2 bytes',
      '! queue 1 (key 0x00000002) is full: 2 messages, 0 of 2 bytes',
    ],
  );
  const { warnings } = (JSON.parse(json) as { overview: { warnings: { code: string; queueId?: number }[] } })
    .overview;
  assert.deepEqual(
    warnings.map(({ code, queueId }) => [code, queueId]),
    [
      ['limit-near', undefined],
      ['queue-full', 0],
      ['queue-full', 1],
    ],
  );
});

test('limits have a value, what is in use, and the command that raises them', { skip }, async (t) => {
  const scene = `
ipctools create --key 0x80 >/dev/null; ipcmk -S 7 >/dev/null
echo 32000 >/proc/sys/kernel/msgmni; echo 250 32000 32 128 >/proc/sys/kernel/sem; echo 8192 >/proc/sys/kernel/msgmax
ipctools limits --json; ipctools limits | head -n 2`;
  const { stdout } = await playScene(t, scene);
  const [, json = '', table = ''] = /^(.*?\]\}\n)(.*)$/s.exec(stdout) ?? [];
  const { limits } = JSON.parse(json) as { limits: Record<string, unknown>[] };
  assert.deepEqual(
    limits.map(({ name }) => name),
    [
      ...['msgmni', 'msgmax', 'msgmnb', 'shmmni', 'shmmax', 'shmall', 'semmni', 'semmsl', 'semmns', 'semopm'],
      ...['queues_max', 'msg_max', 'msgsize_max', '/dev/shm'],
    ],
  );
  const named = (name: string) => limits.find((limit) => limit['name'] === name);
  assert.deepEqual(named('msgmni'), {
    name: 'msgmni',
    meaning: 'queues',
    value: 32000,
    inUse: 1,
    usedPercent: 0,
    sysctl: 'kernel.msgmni',
    raise: 'sysctl -w kernel.msgmni=32768',
  });
  assert.equal(named('msgmax')?.['inUse'], null);
  assert.equal(named('semmns')?.['inUse'], 7);
  assert.equal(named('semmsl')?.['raise'], "sysctl -w kernel.sem='500 32000 32 128'");
  assert.equal(named('semmni')?.['raise'], "sysctl -w kernel.sem='250 32000 32 256'");
  assert.match(
    mask(table),
    /^LIMIT {2}VALUE {2}IN-USE {2}FULL {2}MEANING {2}SYSCTL {2}TO-RAISE\nmsgmni {2}32000 {2}1 {2}0% /,
  );
});

test('the commands that raise limits are right: they work, and raise what they name', { skip }, async (t) => {
  const scene = `
export PATH="$PATH:/sbin:/usr/sbin"
mount -t tmpfs none /dev/shm # a remount would reach the machine's own
ipctools limits --json | grep -o '"raise":"[^"]*"' | sed 's/^"raise":"//; s/"$//' | sort -u >/tmp/raise.$$
while read -r command; do
  # With its device mount(8) does not read the owner from its list, who is not known in this user namespace.
  case $command in mount*) eval "\${command% *} none \${command##* }" || echo "failed: $command"; continue ;; esac
  eval "\${command/sysctl -w/set -- }"; name=\${1%%=*}; value=\${1#*=}
  echo "$value" >/proc/sys/\${name//.//} && [ "$(tr '\\t' ' ' </proc/sys/\${name//.//})" = "$value" ] || echo "failed: $command"
done </tmp/raise.$$
wc -l </tmp/raise.$$; rm /tmp/raise.$$`;
  const { stdout } = await playScene(t, scene);
  assert.equal(stdout, '12\n');
});

test('the overview says how many objects look stale, and what shows them', { skip }, async (t) => {
  const scene = `${tools} serve; ipctools-only; echo =; killed $server; ipctools-only; ipctools-only stale --json`;
  const { stdout } = await playScene(t, scene);
  const [living = '', dead = ''] = stdout.split('=\n');
  assert.doesNotMatch(living, /stale/);
  assert.match(dead, /^! 1 object looks stale: `ipctools stale` shows why$/m);
  assert.equal(dead.match(/"verdict":"stale"/g)?.length, 1);
});
