import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { until } from '../helpers/deadline.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess, StartOptions } from '../helpers/process.js';

const MILLISECOND = 1_000_000n;

/** Of the clients' alarms, in milliseconds. */
const PERIODS = [50, 110, 300, 1000];

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

/** Processes of `time-client every`, each with a period of its own. */
export class AlarmClients {
  readonly #clients: readonly RunningProcess[];

  private constructor(clients: readonly RunningProcess[]) {
    this.#clients = clients;
  }

  /** Starts them, and waits for the first turn of each. @param where the words of the command line that say where servers are */
  static async start(
    t: TestContext,
    where: readonly string[],
    options: StartOptions = {},
  ): Promise<AlarmClients> {
    const clients = PERIODS.map((period) => {
      const words = ['every', `${period}ms`, '--json', ...where, '--timeout', '1m'];
      return startNode(t, [bin('time-client'), ...words], options);
    });
    for (const client of clients) await client.nextLine();
    return new AlarmClients(clients);
  }

  /** How often they have said that a server is gone. */
  get told(): number {
    return this.#clients.reduce(
      (sum, { stderr }) => sum + (stderr.match(/waiting for one/g)?.length ?? 0),
      0,
    );
  }

  /** Waits for another turn of each. */
  async untilRung(): Promise<void> {
    const before = this.#clients.map(({ stdout }) => stdout.length);
    const haveRung = (): boolean =>
      this.#clients.every(({ stdout }, index) => stdout.length > (before[index] ?? 0));
    await until(haveRung, 'a turn of each client after the last kill');
  }

  /** Ends them, checks their turns, and describes them. */
  async end(): Promise<string> {
    const all: Count = { rung: 0, skipped: 0 };
    for (const [index, client] of this.#clients.entries()) {
      const { code, stderr } = await client.killed('SIGINT');
      assert.equal(code, 0, stderr);
      const { rung, skipped } = countTurns(client, PERIODS[index] ?? 0);
      all.rung += rung;
      all.skipped += skipped;
    }
    return (
      `${all.rung} turns of ${PERIODS.length} clients, each once, ${all.skipped} left out as more than 100 were due; ` +
      `clients were told ${this.told} times`
    );
  }
}
