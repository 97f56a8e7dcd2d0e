import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'node:test';
import { wallClock, type MessageQueue } from '@timeq/mq-native';
import { buildRequest } from '@timeq/time-protocol';
import { until } from '../helpers/deadline.js';
import { freshType } from '../helpers/keys.js';
import { bin, runNode } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { askStatus, ownServer, readReply, receive } from './server.js';

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;

/** What a server takes of a client, and of how many clients. */
const OF_CLIENT = 1000;
const CLIENTS = 100;

/** Requests that are in the queue at once. */
const AT_ONCE = 20;

/** The most memory that an alarm may take, in bytes. */
const LARGEST = 2048;

const skip = existsSync('/proc/self/status') ? false : 'the kernel has no /proc/PID/status';

/** Sets alarms at a type, each in its own millisecond of the next hours. */
async function setAlarms(queue: MessageQueue, replyTo: number, count: number): Promise<void> {
  for (let set = 0; set < count; set += AT_ONCE) {
    for (let each = set; each < set + AT_ONCE; each++) {
      // Neither in the order of their moments nor in the opposite one.
      const at = wallClock() + HOUR + BigInt((each * 7919) % 10_007) * 1_000_000n;
      await queue.send(1, buildRequest({ id: each, replyTo, ask: 'alarm', plan: { at } }));
    }
    for (let each = 0; each < AT_ONCE; each++) {
      assert.equal(readReply(await receive(queue, replyTo)).kind, 'alarm');
    }
  }
}

/** A field of /proc/PID/status of each thread, or of the process. */
function fieldOf(path: string, name: string): string {
  return new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync(path, 'utf8'))?.[1] ?? '';
}

/** How often each thread of a process has blocked, so far. */
function sleepsOf(pid: number): string {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => fieldOf(`/proc/${pid}/task/${thread}/status`, 'voluntary_ctxt_switches'))
    .join(' ');
}

test(
  '100,000 alarms wait in one sleep of the kernel, wake no thread, and leave no room for another',
  { skip },
  async (t) => {
    const { key, server, queue } = await ownServer(t);
    await setAlarms(queue, freshType(), OF_CLIENT);
    const before = Number(fieldOf(`/proc/${server.pid}/status`, 'VmRSS'));
    const types = Array.from({ length: CLIENTS - 1 }, () => freshType());
    for (const type of types) await setAlarms(queue, type, OF_CLIENT);
    const all = CLIENTS * OF_CLIENT;
    assert.equal((await askStatus(queue)).alarms.pending, all);
    const bytes = ((Number(fieldOf(`/proc/${server.pid}/status`, 'VmRSS')) - before) * 1024) / all;
    t.diagnostic(`${Math.round(bytes)} bytes for each alarm`);
    assert.ok(bytes < LARGEST, `an alarm takes ${bytes} bytes`);

    const refused = await runNode(t, [
      bin('time-client'),
      '--key',
      String(key),
      'in',
      '1h',
      '--timeout',
      '1m',
    ]);
    assert.deepEqual(
      [refused.code, refused.stderr],
      [
        1,
        'time-client: the time server refused: the server has 100000 alarms, the most that it takes (TOO_MANY_ALARMS)\n',
      ],
    );

    await untilBlocked('nanosleep', server.pid);
    await until(async () => {
      const slept = sleepsOf(server.pid);
      await delay(1000);
      return sleepsOf(server.pid) === slept;
    }, 'a second in which no thread of the server wakes up');

    const [type = 0] = types;
    await queue.send(1, buildRequest({ id: 'none', replyTo: type, ask: 'cancel' }));
    const cancelled = readReply(await receive(queue, type));
    assert.ok(cancelled.kind === 'cancel' && cancelled.cancelled === OF_CLIENT);
    const at = wallClock() + SECOND / 5n;
    await queue.send(1, buildRequest({ id: 'soon', replyTo: type, ask: 'alarm', plan: { at } }));
    assert.equal(readReply(await receive(queue, type)).kind, 'alarm');
    const ring = readReply(await receive(queue, type));
    assert.ok(ring.kind === 'ring' && ring.at === at);
    await untilBlocked('nanosleep', server.pid);
    const { pending, rung } = (await askStatus(queue)).alarms;
    assert.deepEqual({ pending, rung }, { pending: all - OF_CLIENT, rung: 1 });
  },
);
