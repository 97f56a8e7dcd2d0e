import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { TimeClient } from '@timeq/time-client';
import { hangMilliseconds } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import type { Fault } from './fault.js';
import { startServer } from './servers.js';

async function raceOf(t: TestContext, count: number): Promise<void> {
  const key = freshKey(t);
  const servers = Array.from({ length: count }, () => startServer(t, key));
  const outcomes = await Promise.all(
    servers.map(async (server) => {
      const listens = server.waitFor(/listening on key/).then(() => ({ server, won: true }));
      const ends = server.exit().then(({ code, stderr }) => {
        assert.equal(code, 3, stderr);
        assert.match(stderr, /^time-server: .*pid \d+/);
        return { server, won: false };
      });
      // The promise that loses this race rejects when the process is killed at the end.
      listens.catch(() => undefined);
      ends.catch(() => undefined);
      return await Promise.any([listens, ends]);
    }),
  );
  const winners = outcomes.filter(({ won }) => won);
  assert.equal(winners.length, 1, `${winners.length} of ${count} servers have won`);
  using client = TimeClient.connect(key, { timeout: hangMilliseconds });
  await client.now();
  for (const { server } of winners) await server.end();
}

export const race: Fault = {
  name: 'race',
  title:
    'of two and of twenty servers that start at one key at once, exactly one wins and the others say who',
  async run(t, { long }) {
    const pairs = long ? 100 : 3;
    const dozens = long ? 20 : 1;
    for (let round = 0; round < pairs; round++) await raceOf(t, 2);
    for (let round = 0; round < dozens; round++) await raceOf(t, 20);
    return `${pairs} races of 2 and ${dozens} of 20 servers, one winner in each`;
  },
};
