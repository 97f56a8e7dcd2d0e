import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { wallClock } from '@timeq/mq-native';
import { keepAlarm } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';
import { startServer, statusAt } from './servers.js';

const MILLISECOND = 1_000_000n;

/** Of the clients' alarms, in milliseconds. */
const PERIODS = [50, 110, 300, 1000];

/** How many alarms that ring once are under way, and their longest time, in milliseconds. */
const ONCE = 8;
const LONGEST = 1500;

/** A server is killed at most this many milliseconds after it was started, or began to listen. */
const LATEST_STARTING = 400;
const LATEST_LISTENING = 250;

interface Turn {
  readonly turn: number;
  readonly atNs: string;
  readonly lateNs: number;
  readonly skipped: number;
}

interface Count {
  rung: number;
  skipped: number;
}

/** Checks that each turn of a client came once, in its order and at its own moment. Those left out are said by the next. */
function countTurns({ stdout }: RunningProcess, period: number): Count {
  const lines = stdout.trim().split('\n');
  const turns = lines.map((line) => JSON.parse(line) as Turn);
  const first = BigInt(turns[0]?.atNs ?? 0);
  const count = { rung: 0, skipped: 0 };
  for (const { turn, atNs, lateNs, skipped } of turns) {
    count.rung += 1;
    count.skipped += skipped;
    const around = lines.slice(Math.max(0, count.rung - 3), count.rung + 3).join('\n');
    assert.equal(
      turn,
      count.rung + count.skipped,
      `every ${period} ms, a turn that was missed or came twice\n${around}`,
    );
    assert.equal(BigInt(atNs), first + BigInt((turn - 1) * period) * MILLISECOND);
    assert.ok(lateNs >= 0, 'it rang before its moment');
  }
  return count;
}

/** Alarms that ring once, one after the other. */
class Once {
  rung = 0;
  #over = false;
  readonly #running: Promise<void>[];

  constructor(t: TestContext, key: number, random: Random) {
    atEnd(t, () => {
      this.#over = true;
    });
    this.#running = Array.from({ length: ONCE }, () => this.#wait(key, random.fork()));
    // `end` reports their failures.
    for (const running of this.#running) running.catch(() => undefined);
  }

  async end(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#running);
  }

  async #wait(key: number, random: Random): Promise<void> {
    while (!this.#over) {
      const at = wallClock() + BigInt(random.below(LONGEST)) * MILLISECOND;
      const moments: bigint[] = [];
      for await (const event of keepAlarm(key, { at }, { patient: true, timeout: hangMilliseconds })) {
        if (event.kind !== 'turn') continue;
        moments.push(event.turn.at);
        assert.ok(event.turn.sent >= at, 'it rang before its moment');
      }
      assert.deepEqual(moments, [at], 'an alarm that rings once');
      this.rung += 1;
    }
  }
}

export const alarmsKilled: Fault = {
  name: 'alarms-killed',
  title: 'alarms outlive servers that are killed: each turn comes once, at or after its own moment',
  async run(t, { random, long }) {
    const kills = long ? 100 : 5;
    const key = freshKey(t);
    let server = startServer(t, key);
    await server.waitFor(/listening on key/);
    const clients = PERIODS.map((period) => {
      const words = ['every', `${period}ms`, '--json', '--key', String(key), '--timeout', '1m'];
      return startNode(t, [bin('time-client'), ...words]);
    });
    for (const client of clients) await client.nextLine();
    const once = new Once(t, key, random);
    let starting = 0;
    for (let kill = 0; kill < kills; kill++) {
      await server.end();
      server = startServer(t, key);
      if (random.below(5) === 0) {
        starting += 1;
        await delay(random.below(LATEST_STARTING));
      } else {
        await server.waitFor(/listening on key/);
        await delay(random.below(LATEST_LISTENING));
      }
    }
    await once.end();
    const { rung: before } = (await statusAt(key)).alarms;
    await until(async () => (await statusAt(key)).alarms.rung > before, 'a turn after the last kill');
    let told = 0;
    const all: Count = { rung: 0, skipped: 0 };
    for (const [index, client] of clients.entries()) {
      client.kill('SIGINT');
      const { code, stderr } = await client.exit();
      assert.equal(code, 0, stderr);
      told += stderr.match(/waiting for one/g)?.length ?? 0;
      const { rung, skipped } = countTurns(client, PERIODS[index] ?? 0);
      all.rung += rung;
      all.skipped += skipped;
    }
    // A server also takes requests that a dead one left: no client reads the messages of such an alarm, so it ends.
    await until(async () => (await statusAt(key)).alarms.pending === 0, 'the end of all alarms');
    const { dropped } = (await statusAt(key)).alarms;
    server.kill('SIGTERM');
    assert.equal((await server.exit()).code, 0);
    assert.equal(queueAt(key), undefined);
    return (
      `${kills} kills, ${starting} of them at the start; ${all.rung} turns of ${PERIODS.length} clients, each once, ` +
      `${all.skipped} left out as more than 100 were due; ${once.rung} alarms that ring once did; ` +
      `clients were told ${told} times; ${dropped} dropped by the last server`
    );
  },
};
