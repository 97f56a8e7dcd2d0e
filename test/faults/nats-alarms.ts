import { setTimeout as delay } from 'node:timers/promises';
import { NatsTimeClient } from '@timeq/time-client';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { skipWithoutNats, startNats } from '../helpers/nats.js';
import { countsOf } from '../nats/alarm-counts.js';
import { connected, NO_CONTEXT, startTimeServer } from '../nats/support.js';
import { AlarmClients } from './alarm-clients.js';
import { AlarmsOnce } from './alarms-once.js';
import type { Fault } from './fault.js';

const SERVERS = 3;

/** Once in so many kills of a server NATS itself is killed as well. */
const NATS_KILLED_EVERY = 4;

/** A server is killed at most this many milliseconds after the one before it is back. */
const LATEST = 500;

export const natsAlarms: Fault = {
  name: 'nats-alarms',
  title: 'alarms over NATS outlive the servers that have them: none is missed, and none comes twice',
  skip: skipWithoutNats,
  async run(t, { random, long }) {
    const nats = await startNats(t);
    const start = () => startTimeServer(t, nats.url);
    const servers = await Promise.all(Array.from({ length: SERVERS }, start));
    const clients = await AlarmClients.start(t, ['--nats', '--server', nats.url], { env: NO_CONTEXT });
    const connection = await connected(t, nats.url);
    const client = (): NatsTimeClient => new NatsTimeClient(connection, { timeout: hangMilliseconds });
    const once = new AlarmsOnce(t, client, random);
    const wanted = long ? 100 : 4;
    let kills = 0;
    let natsKills = 0;
    // Which server has which alarm is NATS's choice: a kill of one without an alarm proves nothing.
    while (kills < wanted || clients.told === 0) {
      const victim = random.below(SERVERS);
      await servers[victim]?.end();
      kills += 1;
      if (kills % NATS_KILLED_EVERY === 0) {
        natsKills += 1;
        await nats.end();
        await nats.start();
      }
      servers[victim] = await start();
      await delay(random.below(LATEST));
    }
    await once.end();
    await clients.untilRung();
    const turns = await clients.end();
    await until(async () => {
      const counts = await countsOf(connection);
      return counts.length === SERVERS && counts.every(({ alarms }) => alarms.pending === 0);
    }, 'the end of all alarms');
    return `${kills} kills of servers, ${natsKills} of NATS; ${turns}; ${once.rung} alarms that ring once did`;
  },
};
