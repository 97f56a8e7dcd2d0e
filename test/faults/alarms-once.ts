import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { wallClock } from '@timeq/mq-native';
import { keepAlarm } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import type { Random } from './random.js';

const MILLISECOND = 1_000_000n;

/** How many alarms are under way, and their longest time, in milliseconds. */
const AT_ONCE = 8;
const LONGEST = 1500;

/** Where the servers of an alarm are. */
type Where = Parameters<typeof keepAlarm>[0];

/** Alarms that ring once, each set as soon as another one has rung. */
export class AlarmsOnce {
  rung = 0;
  #over = false;
  readonly #running: Promise<void>[];

  constructor(t: TestContext, where: Where, random: Random) {
    atEnd(t, () => {
      this.#over = true;
    });
    this.#running = Array.from({ length: AT_ONCE }, () => this.#wait(where, random.fork()));
    // `end` reports their failures.
    for (const running of this.#running) running.catch(() => undefined);
  }

  async end(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#running);
  }

  async #wait(where: Where, random: Random): Promise<void> {
    while (!this.#over) {
      const at = wallClock() + BigInt(random.below(LONGEST)) * MILLISECOND;
      const moments: bigint[] = [];
      for await (const event of keepAlarm(where, { at }, { patient: true, timeout: hangMilliseconds })) {
        if (event.kind !== 'turn') continue;
        moments.push(event.turn.at);
        assert.ok(event.turn.sent >= at, 'it rang before its moment');
      }
      assert.deepEqual(moments, [at], 'an alarm that rings once');
      this.rung += 1;
    }
  }
}
