import assert from 'node:assert/strict';
import test from 'node:test';
import { isWholeMachine, Processes, showsEveryProcess, type ProcessSource } from '@timeq/mq-native';

interface FakeProcess {
  /** Seconds since the machine booted, which was at 1000. */
  readonly startedAt?: number;
  readonly uid?: number;
  /** The main thread has ended. */
  readonly headless?: true;
  /** All threads have, and its parent has not asked yet. */
  readonly zombie?: true;
}

interface FakeMachine {
  readonly processes?: Readonly<Record<number, FakeProcess>>;
  /** Those that have a number and don't show. */
  readonly hidden?: readonly number[];
  readonly mountOptions?: string;
  readonly pidNamespace?: string;
  readonly ownUid?: number;
}

const BOOT = 1000;

/** What /proc shows of such a machine. The number of a thread is that of its process and 1000. */
function machine({
  processes = {},
  hidden = [],
  mountOptions = 'rw',
  pidNamespace = 'pid:[4026531836]',
  ownUid = 1000,
}: FakeMachine): ProcessSource {
  const all: Readonly<Record<number, FakeProcess>> = { 1: { uid: 0 }, ...processes };
  const shown = (pid: string): FakeProcess | undefined => {
    const number = Number(pid);
    return hidden.includes(number) ? undefined : all[number > 1000 ? number - 1000 : number];
  };
  const read = (path: string): string | undefined => {
    if (path === 'self/mounts') return `proc /proc proc ${mountOptions} 0 0\n`;
    if (path === 'self/status') return `Uid:\t${ownUid}\t${ownUid}\nNSpid:\t7\nCapEff:\t0\n`;
    const words = path.split('/');
    const process = shown(words[0] ?? '');
    if (process === undefined) return undefined;
    const isThread = words[2] !== undefined && words[2] !== words[0];
    const { startedAt = 0, uid = 1000, headless, zombie } = process;
    const pid = Number(words[0]) % 1000;
    if (path.endsWith('/status')) return `Tgid:\t${pid}\nUid:\t${uid}\t${uid}\n`;
    const state = zombie || (headless && !isThread) ? 'Z' : 'S';
    return `${pid} (a) b) ${state} 1 1 1 0 -1 0 ${'0 '.repeat(12)}${startedAt * 100} 0\n`;
  };
  return {
    names: (path) => [path.split('/')[0] ?? '', String(Number(path.split('/')[0]) + 1000)],
    text(path) {
      const text = read(path);
      if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
      return text;
    },
    link: (path) => (path === 'self/ns/pid' ? pidNamespace : 'user:[4026531837]'),
    has: (path) => read(path) !== undefined,
    hasNumber: (pid) => hidden.includes(pid) || shown(String(pid)) !== undefined,
    bootTime: () => BOOT,
  };
}

const find = (on: FakeMachine, pid: number, time: number): string =>
  new Processes(machine(on)).find(pid, time).state;

test('a process that started in the very second in which its number was written down is that process', () => {
  assert.equal(find({ processes: { 8: { startedAt: 100.9 } } }, 8, BOOT + 100), 'alive');
  assert.equal(
    find({ processes: { 8: { startedAt: 102 } } }, 8, BOOT + 100),
    'alive',
    'the clock was adjusted',
  );
  assert.equal(find({ processes: { 8: { startedAt: 102.1 } } }, 8, BOOT + 100), 'reused');
});

test('pid 0 means no process, or a process of another pid namespace', () => {
  assert.deepEqual([find({}, 0, 0), find({}, 0, 5), find({}, 8, 5)], ['never', 'elsewhere', 'dead']);
});

test('a process that has a number and does not show is hidden, and not dead', () => {
  assert.equal(find({ hidden: [8], mountOptions: 'rw,hidepid=invisible', ownUid: 0 }, 8, 5), 'hidden');
  assert.equal(find({ mountOptions: 'rw,hidepid=invisible', ownUid: 0 }, 8, 5), 'dead');
});

test('/proc shows every process unless it is mounted so that it hides those of others', () => {
  // Process 1 is this user's own, so that it shows in any case.
  for (const hiding of ['hidepid=1', 'hidepid=2', 'hidepid=4', 'hidepid=invisible', 'hidepid=ptraceable'])
    assert.equal(showsEveryProcess(machine({ mountOptions: `rw,${hiding}`, ownUid: 0 })), false, hiding);
  for (const open of ['rw', 'rw,hidepid=0', 'rw,hidepid=off', 'rw,gid=5'])
    assert.equal(showsEveryProcess(machine({ mountOptions: open, ownUid: 0 })), true, open);
  assert.equal(showsEveryProcess(machine({ hidden: [1] })), false);
});

test('only the first pid namespace is the whole machine', () => {
  assert.equal(isWholeMachine(machine({})), true);
  assert.equal(isWholeMachine(machine({ pidNamespace: 'pid:[4026532000]' })), false);
});

test('a zombie is dead, and a process whose main thread has ended lives by its other threads', () => {
  assert.equal(find({ processes: { 8: { zombie: true } } }, 8, BOOT), 'dead');
  assert.equal(find({ processes: { 8: { headless: true } } }, 8, BOOT), 'alive');
});

const received = (lastSendPid: number, sendTime: number): string =>
  new Processes(machine({})).lastReceiver({ lastReceivePid: 9, receiveTime: 100, lastSendPid, sendTime })
    .state;

test('a receiver that is gone was a process if one with its number has sent at about the same time', () => {
  assert.equal(received(9, 100), 'dead');
  assert.equal(received(9, 102), 'dead');
  assert.equal(received(9, 103), 'ended');
  assert.equal(received(9, 97), 'ended');
  assert.equal(received(8, 100), 'ended');
});
