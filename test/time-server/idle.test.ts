import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { bin, startNode } from '../helpers/node.js';
import { ask, askClassic, openQueue } from './server.js';

const skip =
  !existsSync('/proc/self/syscall') &&
  'needs /proc/PID/syscall, which this kernel does not have (CONFIG_HAVE_ARCH_TRACEHOOK)';

// What the kernel would have to end is a timer: as long as a server has one, its threads never all wait without a limit.
test(
  'a server that has answered becomes idle: each of its threads waits without a time limit',
  { skip },
  async (t) => {
    const key = freshKey(t);
    // V8 has a timer of its own, which looks whether memory can be returned.
    const server = startNode(t, ['--no-memory-reducer', bin('time-server'), '--key', String(key)]);
    await server.waitFor(/listening on key .*\n/);
    const queue = openQueue(t, key);
    for (let request = 0; request < 100; request += 1) await askClassic(queue);
    await ask(queue);
    await queue.send(1, String(server.pid));
    let seen: Thread[] = [];
    const rests = (): boolean => (seen = threads(server.pid)).every(waitsForEver);
    await until(rests, 'a rest').catch((cause: unknown) => {
      throw new Error(`no rest: ${JSON.stringify(seen)}`, { cause });
    });
  },
);

interface Thread {
  /** In which function of the kernel it is blocked. */
  readonly where: string;
  /** What it gave the system call in which it is, in hexadecimal; none while it runs. */
  readonly words: readonly string[];
}

function threads(pid: number): Thread[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const folder = `/proc/${pid}/task/${thread}`;
    const [, ...words] = readFileSync(`${folder}/syscall`, 'utf8').trim().split(' ');
    return { where: readFileSync(`${folder}/wchan`, 'utf8'), words };
  });
}

/** epoll_wait(2), futex(2) and msgrcv(2); the first two take the limit as their fourth argument: -1 or NULL is none. */
function waitsForEver({ where, words }: Thread): boolean {
  const limit = words[3];
  if (where.includes('msgrcv')) return true;
  if (/ep_poll|epoll_wait/.test(where)) return limit === '0xffffffff' || limit === '0xffffffffffffffff';
  return where.includes('futex') && limit === '0x0';
}
