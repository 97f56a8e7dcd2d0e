import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { NatsTimeClient } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { skipWithoutNats, startNats } from '../helpers/nats.js';
import type { RunningProcess } from '../helpers/process.js';
import type { NatsConnection } from '@timeq/nats';
import { ask, connected, startTimeServer } from '../nats/support.js';
import type { Fault } from './fault.js';

const SERVERS = 3;
const IN_FLIGHT = 16;

/** Sends requests of one client, with this many in flight, until `end`. */
class Requests {
  answered = 0;
  failed: unknown[] = [];
  /** Milliseconds. */
  worst = 0;
  #over = false;
  /** Those under way. */
  readonly #open = new Set<object>();
  readonly #running: Promise<void>[];

  constructor(t: TestContext, client: NatsTimeClient) {
    atEnd(t, () => {
      this.#over = true;
    });
    this.#running = Array.from({ length: IN_FLIGHT }, () => this.#askOn(client));
  }

  /** Waits until each of those under way now is answered. */
  async answeredOnce(): Promise<void> {
    const open = new Set(this.#open);
    while ([...open].some((each) => this.#open.has(each)) && this.failed.length === 0) await delay(0);
  }

  async end(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#running);
  }

  async #askOn(client: NatsTimeClient): Promise<void> {
    let last = 0n;
    while (!this.#over) {
      const start = performance.now();
      const open = {};
      this.#open.add(open);
      try {
        const { received } = await client.now();
        // A reply to an earlier request would contain an earlier time than the last one.
        if (received <= last) this.failed.push(new Error('an answer of an earlier request'));
        last = received;
        this.answered += 1;
      } catch (error) {
        this.failed.push(error);
      }
      this.#open.delete(open);
      this.worst = Math.max(this.worst, performance.now() - start);
      // Let the event loop handle the events of the fault.
      await delay(0);
    }
  }
}

/** Asks as any other client of NATS, all the time, until a server answers. */
async function untilServed(witness: NatsConnection): Promise<void> {
  for (;;) {
    const [answer] = await ask(witness, 'timeq.now', '');
    if (answer !== undefined && answer.data.length > 0) return;
    await delay(1);
  }
}

export const natsServers: Fault = {
  name: 'nats-servers',
  title:
    'over NATS no request fails while servers are killed and stopped, all are gone, or NATS itself is killed',
  skip: skipWithoutNats,
  async run(t, { random, long }) {
    const nats = await startNats(t);
    const start = (): Promise<RunningProcess> => startTimeServer(t, nats.url);
    const servers = await Promise.all(Array.from({ length: SERVERS }, start));
    // A slow machine may need longer than the default.
    using client = new NatsTimeClient(await connected(t, nats.url), { timeout: 60_000 });
    await client.now();
    const witness = await connected(t, nats.url);
    const requests = new Requests(t, client);
    const worsts: string[] = [];
    const phase = async (name: string, work: () => Promise<void>): Promise<void> => {
      requests.worst = 0;
      const before = requests.answered;
      await work();
      worsts.push(`${name} ${requests.answered - before} (worst ${Math.round(requests.worst)} ms)`);
    };
    const kills = long ? 20 : 3;
    await phase(`${kills} servers killed:`, async () => {
      for (let kill = 0; kill < kills; kill++) {
        const victim = random.below(SERVERS);
        await servers[victim]?.end();
        servers[victim] = await start();
        await delay(long ? 2000 : 100);
      }
    });
    await phase('one server stopped:', async () => {
      servers[0]?.kill('SIGSTOP');
      await delay(long ? 6000 : 1000);
      servers[0]?.kill('SIGCONT');
    });
    await phase('all servers gone:', async () => {
      await Promise.all(servers.map((server) => server.end()));
      const since = performance.now();
      await delay(long ? 1000 : 300);
      const starting = Promise.all(Array.from({ length: SERVERS }, start));
      await untilServed(witness);
      const back = performance.now();
      await requests.answeredOnce();
      const [away, later] = [back - since, performance.now() - back].map(Math.round);
      worsts.push(`no server for ${away} ms, all requests answered ${later} ms later`);
      servers.splice(0, SERVERS, ...(await starting));
    });
    const natsKills = long ? 5 : 2;
    await phase(`NATS killed ${natsKills} times:`, async () => {
      for (let kill = 0; kill < natsKills; kill++) {
        await nats.end();
        await nats.start();
        await delay(long ? 2000 : 500);
      }
    });
    const wanted = long ? 100_000 : 3000;
    await phase('and then:', async () => {
      while (requests.answered < wanted && requests.failed.length === 0) await delay(10);
    });
    await requests.end();
    assert.deepEqual(requests.failed, []);
    return `${requests.answered} answered, 0 failed, ${IN_FLIGHT} in flight; ${worsts.join('; ')}`;
  },
};
