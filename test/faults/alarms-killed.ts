import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { AlarmClients } from './alarm-clients.js';
import { AlarmsOnce } from './alarms-once.js';
import type { Fault } from './fault.js';
import { startServer, statusAt } from './servers.js';

/** A server is killed at most this many milliseconds after it was started, or began to listen. */
const LATEST_STARTING = 400;
const LATEST_LISTENING = 250;

export const alarmsKilled: Fault = {
  name: 'alarms-killed',
  title: 'alarms outlive servers that are killed: each turn comes once, at or after its own moment',
  async run(t, { random, long }) {
    const kills = long ? 100 : 5;
    const key = freshKey(t);
    let server = startServer(t, key);
    await server.waitFor(/listening on key/);
    const clients = await AlarmClients.start(t, ['--key', String(key)]);
    const once = new AlarmsOnce(t, key, random);
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
    await clients.untilRung();
    const turns = await clients.end();
    // A server also takes requests that a dead one left: no client reads the messages of such an alarm, so it ends.
    await until(async () => (await statusAt(key)).alarms.pending === 0, 'the end of all alarms');
    const { dropped } = (await statusAt(key)).alarms;
    assert.equal((await server.killed('SIGTERM')).code, 0);
    assert.equal(queueAt(key), undefined);
    return (
      `${kills} kills, ${starting} of them at the start; ${turns}; ${once.rung} alarms that ring once did; ` +
      `${dropped} dropped by the last server`
    );
  },
};
