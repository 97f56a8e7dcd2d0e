import assert from 'node:assert/strict';
import test from 'node:test';
import { bin } from '../helpers/node.js';
import { quoted } from '../helpers/shell.js';
import { playPosix, skipWithoutPosixWorlds } from './posix/scene.js';
import { playScene, skipWithoutWorlds } from './support.js';

const skip = skipWithoutWorlds();
const posix = skipWithoutPosixWorlds();

// What the plugins' guidelines say of a measure: 'label'=value[unit];[warning];[critical];[least];[most]
const RANGE = String.raw`@?(?:~|[\d.]+)?:?[\d.]*`;
const MEASURE = new RegExp(
  String.raw`^'[\w-]+'=[\d.]+(?:s|%|B)?(?:;${RANGE}(?:;${RANGE}(?:;[\d.]*(?:;[\d.]*)?)?)?)?$`,
);

interface Line {
  readonly state: string;
  readonly text: string;
  readonly measures: readonly string[];
  readonly code: number;
}

/** Lines of output, each of them followed by its exit code; every one as the contract has it. */
function plugins(stdout: string): Line[] {
  return [...stdout.matchAll(/^(.*)\n=(\d+)\n/gm)].map(([, line = '', code]) => {
    const [, state = '', text = '', measures] =
      /^(?:QUEUES|POSIX) (OK|WARNING|CRITICAL|UNKNOWN) - ([^|]*?)(?: \| (.*))?$/.exec(line) ??
      assert.fail(line);
    const list = measures?.split(' ') ?? [];
    for (const measure of list) assert.match(measure, MEASURE);
    assert.equal(Number(code), ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'].indexOf(state), line);
    return { state, text, measures: list, code: Number(code) };
  });
}

test('a queue is ok, warned of or critical by how full it is', { skip }, async (t) => {
  const scene = `
check() { ipctools check 0x80 "$@"; echo "=$?"; }
ipctools create --key 0x80 --max-bytes 100 >/dev/null
check
head -c 80 /dev/zero | ipctools send 0x80 --file -; check
head -c 20 /dev/zero | ipctools send 0x80 --file -; check
check --warning 'bytes>100' --critical 'messages<2'
check --warning 'bytes>99' --critical 'idle>1h'`;
  const { stdout, stderr } = await playScene(t, scene);
  assert.equal(stderr, '');
  const lines = plugins(stdout);
  assert.deepEqual(
    lines.map(({ state, text }) => `${state} ${text}`),
    [
      'OK queue 0x00000080 (id 0): messages 0, full 0%',
      'WARNING queue 0x00000080 (id 0): full 80%',
      'CRITICAL queue 0x00000080 (id 0): full 100%',
      'OK queue 0x00000080 (id 0): messages 2, full 100%',
      'WARNING queue 0x00000080 (id 0): bytes 100',
    ],
  );
  assert.deepEqual(lines[1]?.measures.slice(0, 3), [
    "'messages'=1;;;0;100",
    "'bytes'=80B;;;0;100",
    "'full'=80.00%;@80:;@95:;0;100",
  ]);
  assert.deepEqual(lines[3]?.measures.slice(0, 2), ["'messages'=2;;2:;0;100", "'bytes'=100B;~:100;;0;100"]);
});

test('what a check cannot do is unknown, and what is not there is critical', { skip }, async (t) => {
  const scene = `
check() { ipctools check "$@"; echo "=$?"; }
check 0x80
check 0x80 --nosuch
check 0x80 --warning 'colour=red'
check
check 0x80 --all
check --all`;
  const { stdout, stderr } = await playScene(t, scene);
  assert.equal(stderr, '');
  assert.deepEqual(
    plugins(stdout).map(({ state, text }) => `${state} ${text.slice(0, 30).trimEnd()}`),
    [
      'CRITICAL no queue has key 0x00000080 in',
      "UNKNOWN unknown option '--nosuch'; see",
      "UNKNOWN unknown column 'colour'; use o",
      'UNKNOWN which queue? Give a key as 0x8',
      'UNKNOWN use either --all or the name o',
      'OK 0 queues',
    ],
  );
});

test('all queues are checked in one line, the worst first', { skip }, async (t) => {
  const scene = `
for key in 0x1 0x2 0x3; do ipctools create --key $key --max-bytes 10 >/dev/null; done
ipctools send 0x1 12345678; ipctools send 0x3 1234567890
ipctools check --all; echo "=$?"
echo --; ipctools check --all --format text
echo --; ipctools check --all --format json`;
  const { stdout } = await playScene(t, scene);
  const [nagios = '', text = '', json = ''] = stdout.split('--\n');
  const [line] = plugins(nagios);
  assert.equal(
    line?.text,
    '2 of 3 queues: queue 0x00000003 (id 2): full 100% (CRITICAL); queue 0x00000001 (id 0): full 80% (WARNING)',
  );
  assert.deepEqual(line.measures, [
    "'ok'=1;;;0;3",
    "'warning'=1;;;0;3",
    "'critical'=1;;;0;3",
    "'unknown'=0;;;0;3",
  ]);
  assert.deepEqual(text.split('\n'), [
    'WARNING   queue 0x00000001 (id 0): full 80%',
    'OK        queue 0x00000002 (id 1): messages 0, full 0%',
    'CRITICAL  queue 0x00000003 (id 2): full 100%',
    '',
  ]);
  const { check } = JSON.parse(json) as {
    check: { state: string; queues: { state: string; because: string[] }[] };
  };
  assert.deepEqual(
    [check.state, check.queues.map(({ state, because }) => [state, ...because])],
    ['CRITICAL', [['WARNING', 'full>=80%'], ['OK'], ['CRITICAL', 'full>=95%']]],
  );
});

test('a stale queue is told by its verdict, and a blocked sender by its letter', { skip }, async (t) => {
  const scene = `
check() { ipctools check 0x80 "$@"; echo "=$?"; }
ipctools create --key 0x80 --max-bytes 4 >/dev/null; ipctools send 0x80 full
check --critical 'verdict=stale' --older-than 0s
check --critical 'verdict=stale' --older-than 0s --assume-unseen-idle
ipctools send 0x80 more & blocked 0 1
check --warning 'waiting~S' --critical 'verdict=stale' --older-than 0s
kill $!`;
  const { stdout } = await playScene(t, scene);
  assert.deepEqual(
    plugins(stdout).map(({ state, text }) => `${state} ${text.replace(/^.*: /, '')}`),
    ['UNKNOWN verdict unknown', 'CRITICAL verdict stale', 'WARNING waiting S'],
  );
});

test('a time server is expected to answer', { skip }, async (t) => {
  const server = `${quoted(process.execPath)} ${quoted(bin('time-server'))}`;
  const scene = `
check() { ipctools check 0x80 --expect-server "$@"; echo "=$?"; }
check
exec 3< <(${server}); read -r _ <&3
check --timeout 1m
kill -STOP $!; check --timeout 10ms; kill -CONT $!
kill -9 $!; wait $! 2>/dev/null; check --timeout 1m`;
  const { stdout, stderr } = await playScene(t, scene);
  assert.equal(stderr, '');
  const lines = plugins(stdout);
  assert.deepEqual(
    lines.map(({ state }) => state),
    ['CRITICAL', 'OK', 'CRITICAL', 'CRITICAL'],
  );
  assert.match(lines[1]?.text ?? '', /^the time server at key 0x00000080 answers; queue 0x00000080/);
  assert.match(lines[1]?.measures.at(-1) ?? '', /^'time'=0?\d*\.\d{6}s;;;0$/);
  assert.match(lines[2]?.text ?? '', /^the time server .* is stopped|^no answer/);
  assert.match(lines[3]?.text ?? '', /^the time server at key 0x00000080 is dead/);
});

test('a POSIX queue is ok, warned of or critical by how full it is', { skip: posix }, async (t) => {
  const { stdout, stderr } = await playPosix(
    t,
    `check() { ipctools-only check "$@"; echo "=$?"; }
peer queue create /jobs 10 64; peer memory create /table 4096 4096 hello; peer semaphore create /turn 2
check /jobs
for i in $(seq 8); do peer queue send /jobs 1 m; done; check /jobs
for i in $(seq 2); do peer queue send /jobs 1 m; done; check --posix-mqueue jobs
check posix
check /table; check /turn --critical 'value<1' --warning 'value<3'
check /nothing
umount /dev/mqueue; check /jobs; check posix`,
  );
  assert.equal(stderr, '');
  const checks = plugins(stdout).map(({ state, text, measures }) => ({
    state,
    text,
    // How long they are idle differs from run to run.
    measures: measures.filter((measure) => !measure.startsWith("'idle'")),
  }));
  const [empty, filling, full, all, memory, semaphore, missing, unseen, unseenOfAll] = checks;
  assert.deepEqual(empty, {
    state: 'OK',
    text: 'posix queue /jobs: bytes 0, messages 0, full 0%',
    measures: ["'messages'=0;;;0;10", "'bytes'=0B;;;0", "'full'=0.00%;@80:;@95:;0;100"],
  });
  assert.deepEqual([filling?.state, filling?.text], ['WARNING', 'posix queue /jobs: full 80%']);
  assert.deepEqual(filling?.measures.slice(1), ["'bytes'=8B;;;0", "'full'=80.00%;@80:;@95:;0;100"]);
  assert.deepEqual([full?.state, full?.text], ['CRITICAL', 'posix queue /jobs: full 100%']);
  assert.deepEqual(
    [all?.state, all?.text],
    ['CRITICAL', '1 of 3 objects: posix queue /jobs: full 100% (CRITICAL)'],
  );
  assert.deepEqual([memory?.state, memory?.text], ['OK', 'posix memory /table: bytes 4101']);
  assert.deepEqual(semaphore?.measures.slice(1), ["'value'=2;3:;1:;0"]);
  assert.equal(semaphore?.state, 'WARNING');
  assert.deepEqual([missing?.state, missing?.text], ['CRITICAL', 'there is no posix object /nothing here']);
  // What can't be seen is unknown, never ok.
  assert.equal(unseen?.state, 'UNKNOWN');
  assert.match(unseen?.text ?? '', /^there is no posix object \/jobs here; POSIX queues: not mounted/);
  assert.equal(unseenOfAll?.state, 'UNKNOWN');
});

test('POSIX objects are checked one by one or all, and mistakes are told', { skip: posix }, async (t) => {
  const { stdout } = await playPosix(
    t,
    `check() { ipctools-only check "$@"; echo "=$?"; }
peer queue create /x 8 64; peer memory create /x 4096 4096 hello
check /x; check /x /y; check --all /x; check /x --expect-server; check posix /x; check --posix-shmem /x
echo ==; ipctools-only check --posix-shmem /x --critical 'verdict=live' --format json`,
  );
  const [plain = '', json = ''] = stdout.split('==\n');
  const lines = plugins(plain);
  assert.deepEqual(
    lines.slice(0, 6).map(({ code }) => code),
    [3, 3, 3, 3, 3, 0],
  );
  assert.match(lines[0]?.text ?? '', /say which with --posix-mqueue \/x or --posix-shmem \/x/);
  const { check } = JSON.parse(json) as { check: { state: string; objects: { kind: string }[] } };
  // In a pid namespace of its own nothing proves that no other process has it open.
  assert.equal(check.state, 'UNKNOWN');
  assert.deepEqual(
    check.objects.map(({ kind }) => kind),
    ['posix memory'],
  );
});
