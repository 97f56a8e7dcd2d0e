import assert from 'node:assert/strict';
import { MessageQueue } from '@timeq/mq-native';
import { ctime } from '@timeq/mq-native/libc';
import { TimeClient } from '@timeq/time-client';
import { TimeServer } from '@timeq/time-server';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';

const DAY = 86_400_000_000_000n;

const START = 1_795_165_740_000_000_000n;
/** The largest time of the kernel's clock, a signed 64-bit number of nanoseconds: in the year 2262. */
const LATEST = 2n ** 63n - DAY;

/** A wall clock that is set again and again: by nanoseconds, by days, back to 1970 and ahead to 2262. */
class SetClock {
  #offset = START - process.hrtime.bigint();
  steps = 0;

  wall(): bigint {
    return process.hrtime.bigint() + this.#offset;
  }

  step(random: Random): void {
    const far = random.pick(1n, 1_000_000n, 3_000_000_000n, DAY, 400n * DAY, 20_000n * DAY);
    const by = (random.below(2) === 0 ? far : -far) * BigInt(1 + random.below(3));
    const then = this.wall() + by;
    if (then > DAY && then < LATEST) this.#offset += by;
    this.steps += 1;
  }
}

export const clockSet: Fault = {
  name: 'clock-set',
  title:
    'a wall clock that is set all the time, far forward and back, keeps no client from the time that it shows',
  async run(t, { random, long }) {
    const requests = long ? 200_000 : 5_000;
    const key = freshKey(t);
    const clock = new SetClock();
    const server = await TimeServer.start({
      key,
      clocks: {
        wall: () => clock.wall(),
        steady: () => process.hrtime.bigint(),
        asctime: (second) => ctime(Number(second)),
      },
    });
    atEnd(t, () => {
      server.abandon();
    });
    const queue = MessageQueue.open(key);
    const client = TimeClient.connect(key, { timeout: hangMilliseconds });
    for (let request = 0; request < requests; request++) {
      if (random.below(10) === 0) clock.step(random);
      const before = clock.wall();
      if (request % 2 === 0) {
        const answer = await client.now();
        assert.equal(answer.dialect, 'addressed');
        if (answer.dialect === 'addressed') {
          assert.ok(
            answer.time >= before && answer.time <= clock.wall(),
            'not the time that the clock shows',
          );
        }
      } else {
        await queue.send(1, '');
        const { body } = await queue.receive({ type: 3, timeout: hangMilliseconds });
        const shown = [before, clock.wall()].map((wall) => ctime(Number(wall / 1_000_000_000n)));
        assert.ok(
          shown.includes(body.toString('latin1')),
          `${body.toString('latin1')} is not ${shown.join(' or ')}`,
        );
      }
    }
    const { lost } = server.status();
    client.close();
    queue.close();
    server.stop('the end of the test');
    await server.ended;
    assert.equal(queueAt(key), undefined);
    assert.deepEqual(lost, { unread: 0, unsent: 0 });
    return `${requests} requests, the clock set ${clock.steps} times by up to 164 years; 0 unanswered, 0 wrong`;
  },
};
