import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import test from 'node:test';
import * as fc from 'fast-check';
import { PlaceFinder } from '#time-server/queue/place-finder';

/** TIMEQ_SEED repeats a run, TIMEQ_RUNS makes it longer. */
const seed = Number(process.env['TIMEQ_SEED'] ?? randomInt(2 ** 31));
const numRuns = Number(process.env['TIMEQ_RUNS'] ?? 10_000);

interface Client {
  /** undefined if its body holds none. */
  readonly pid: number | undefined;
  readonly place: number;
  /** How many requests it sent whose reply it did not read. */
  waits: number;
  /** How many of all its requests the server has not seen. */
  unseen: number;
  lives: boolean;
  /** When the oldest reply that it did not read was sent: an unread reply may be taken back after 2 s. */
  since: number;
}

const CLIENTS = 4;
const action = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('send', 'read', 'serve') },
  { weight: 2, arbitrary: fc.constant('look') },
  { weight: 2, arbitrary: fc.constantFrom('end', 'sweep') },
);
const steps = fc.array(fc.tuple(action, fc.nat(CLIENTS - 1), fc.constantFrom(6, 24, 96, 600)), {
  minLength: 30,
  maxLength: 60,
});
/** Where each client waits, in this order: their pids are neighbours. */
const kinds = fc.array(fc.constantFrom('no pid', 'shared', 'pid', 'pid+3'), {
  minLength: CLIENTS,
  maxLength: CLIENTS,
});

test('no client goes without its reply, whichever client shares its type and in whichever order all act', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.diagnostic(`seed ${seed}, ${numRuns} runs (TIMEQ_SEED, TIMEQ_RUNS)`);
  const run = (where: string[], acts: [string, number, number][]): void => {
    const queue = new Map<number, number>();
    const at = (type: number): number => queue.get(type) ?? 0;
    const send = (type: number): void => void queue.set(type, at(type) + 1);
    const withdraw = (type: number, most: number): number => {
      const count = Math.min(most, at(type));
      queue.set(type, at(type) - count);
      return count;
    };
    const copies = { send, withdraw, lost: 0, mayRun };
    const finder = new PlaceFinder(copies);
    const clients = where.map((kind, index): Client => {
      const pid = 1000 + 3 * index;
      const place = kind === 'pid' ? pid : kind === 'pid+3' ? pid + 3 : 3;
      return { pid: kind === 'no pid' ? undefined : pid, place, waits: 0, unseen: 0, lives: true, since: 0 };
    });
    const requests: Client[] = [];
    let now = 0;
    function mayRun(pid: number): boolean {
      return clients.some((client) => client.pid === pid && client.lives);
    }
    const serve = (): void => {
      const client = requests.shift();
      if (client === undefined) return;
      if (client.waits === client.unseen) client.since = now;
      client.unseen -= 1;
      if (client.pid === undefined) send(3);
      else finder.answer(client.pid);
    };
    const pass = (milliseconds: number): void => {
      now += milliseconds;
      t.mock.timers.tick(milliseconds);
      for (const client of clients)
        if (client.waits > client.unseen && now - client.since >= 2000) client.lives = false;
    };
    const isWanted = (type: number): boolean =>
      clients.some(({ lives, place, waits, unseen }) => lives && place === type && waits > unseen);
    for (const [act, index, milliseconds] of acts) {
      const client = clients[index] as Client;
      if (act === 'serve') serve();
      else if (act === 'look') pass(milliseconds);
      else if (!client.lives) continue;
      else if (act === 'send' && client.waits < 2) {
        client.waits += 1;
        client.unseen += 1;
        requests.push(client);
      } else if (act === 'read' && client.waits > 0 && withdraw(client.place, 1) > 0) client.waits -= 1;
      else if (act === 'end') client.lives = false;
      else if (act === 'sweep' && !isWanted(client.place)) copies.lost += withdraw(client.place, Infinity);
    }
    while (requests.length > 0) serve();
    for (const client of clients) {
      if (!client.lives) continue;
      const found = withdraw(client.place, client.waits);
      assert.equal(
        found,
        client.waits,
        `the client with pid ${client.pid} that waits at type ${client.place}`,
      );
    }
    finder.clear();
  };
  fc.assert(fc.property(kinds, steps, run), { seed, numRuns });
});

test('the copies of a client that reads at its own type, or has ended, do not stay', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const queue: number[] = [];
  let lives = true;
  const withdraw = (type: number, most: number): number => {
    const count = Math.min(most, queue.filter((each) => each === type).length);
    for (let taken = 0; taken < count; taken += 1) queue.splice(queue.indexOf(type), 1);
    return count;
  };
  const finder = new PlaceFinder({
    send: (type) => void queue.push(type),
    withdraw,
    lost: 0,
    mayRun: () => lives,
  });
  for (let request = 0; request < 100; request += 1) {
    finder.answer(1000);
    assert.equal(withdraw(1003, 1), 1);
  }
  t.mock.timers.tick(6);
  assert.deepEqual(queue, [1000, 1000, 1000, 1000]);
  lives = false;
  t.mock.timers.tick(24);
  assert.deepEqual(queue, []);
});
