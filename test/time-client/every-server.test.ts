import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { skipWithout } from '../helpers/foreign.js';
import type { PeerName } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import { root, snippetCommand } from '../helpers/node.js';
import { run, start } from '../helpers/process.js';
import type { RunningProcess } from '../helpers/process.js';
import { ASCTIME, timeClient } from './support.js';

interface Server {
  readonly peer: PeerName;
  readonly command: readonly string[];
  /** How it can be asked, besides that the client finds out. */
  readonly ask: 'shared' | 'pid' | 'pid+3';
  /** Whether it is tried on a single CPU as well. */
  readonly single?: boolean;
}

const python = (...manner: string[]): Pick<Server, 'peer' | 'command'> => ({
  peer: 'python',
  command: ['/usr/bin/python3', 'styles.py', ...manner],
});

/** Each is a style in which people have written the server of the exercise. */
const SERVERS: Readonly<Record<string, Server>> = {
  'receives any type and answers at type 3': { ...python('any', 'shared'), ask: 'shared', single: true },
  'receives type 0 and answers at type 3': { ...python('0', 'shared'), ask: 'shared' },
  'receives type -2 and answers at type 3': { ...python('-2', 'shared'), ask: 'shared' },
  'receives any type and is slow': { ...python('any', 'shared', 'slow'), ask: 'shared' },
  'receives any type and answers at pid + 3': { peer: 'perl', command: ['perl', 'any.pl'], ask: 'pid+3' },
  'receives any type and answers at pid + 3, by threads': {
    ...python('any', 'pid+3', 'threads'),
    ask: 'pid+3',
    single: true,
  },
  'receives type -2 and answers at pid + 3': { ...python('-2', 'pid+3'), ask: 'pid+3' },
  'receives any type and answers at the pid': {
    peer: 'php',
    command: ['php', 'any.php'],
    ask: 'pid',
    single: true,
  },
  'receives any type and answers at the pid, slowly': { ...python('any', 'pid', 'slow'), ask: 'pid' },
};

const REQUESTS = 100;
const CLIENTS = 8;

/** Asks as `time-client now` does, again and again, and prints how many requests were answered. */
const ASK = `
  import { TimeClient } from '@timeq/time-client';
  const [key, count, ask] = process.argv.slice(1);
  let answered = 0;
  for (let request = 0; request < Number(count); request += 1) {
    const client = TimeClient.connect(Number(key), { ask, timeout: 20_000 });
    await client.now().then(() => (answered += 1), (error) => console.error(error.message));
    client.close();
  }
  console.log(answered);`;

async function startServer(t: TestContext, key: number, { command }: Server): Promise<RunningProcess> {
  const [program = '', file = '', ...manner] = command;
  const server = start(t, program, [`${root}test/time-client/servers/${file}`, String(key), ...manner]);
  await server.waitFor('ready');
  return server;
}

/** How many of 100 requests were answered, by so many clients at once. */
async function answered(
  t: TestContext,
  key: number,
  clients: number,
  ask: string,
  prefix: readonly string[] = [],
): Promise<number> {
  const each = Math.ceil(REQUESTS / clients);
  const exits = await Promise.all(
    Array.from({ length: clients }, () => {
      const [command = '', ...words] = [
        ...prefix,
        process.execPath,
        ...snippetCommand(ASK, [key, each, ask]),
      ];
      return run(t, command, words, { cwd: root });
    }),
  );
  const counts = exits.map(({ stdout, stderr }) => {
    if (stderr !== '') t.diagnostic(stderr);
    return Number(stdout);
  });
  return counts.reduce((total, count) => total + count, 0) + REQUESTS - each * clients;
}

const skipWithoutTaskset = spawnSync('taskset', ['-V']).status === 0 ? false : 'no taskset of util-linux';

for (const [style, server] of Object.entries(SERVERS)) {
  const skip = skipWithout(server.peer);
  test(
    `a server that ${style} answers at least 99 of 100 requests, of one client and of eight`,
    { skip },
    async (t) => {
      const key = freshKey(t);
      await startServer(t, key, server);
      for (const clients of [1, CLIENTS]) {
        const count = await answered(t, key, clients, 'auto');
        assert.ok(count >= 99, `${count} of 100 by ${clients} clients`);
      }
      assert.ok((await answered(t, key, CLIENTS, server.ask)) >= 99, `by --ask ${server.ask}`);
    },
  );

  if (server.single !== true) continue;
  test(
    `a server that ${style} answers at least 99 of 100 requests on a single CPU`,
    { skip: skip || skipWithoutTaskset },
    async (t) => {
      const key = freshKey(t);
      const { pid } = await startServer(t, key, server);
      assert.equal((await run(t, 'taskset', ['-pc', '0', String(pid)])).code, 0);
      for (const clients of [1, CLIENTS]) {
        const count = await answered(t, key, clients, 'auto', ['taskset', '-c', '0']);
        assert.ok(count >= 99, `${count} of 100 by ${clients} clients`);
      }
    },
  );
}

test(
  'now, status and --ask tell where a classic server answers',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    await startServer(t, key, { ...python('any', 'pid+3', 'threads'), ask: 'pid+3' });
    for (const ask of [[], ['--ask', 'pid+3'], ['--ask', 'auto']]) {
      const { code, stdout, stderr } = await timeClient(t, key, ['now', ...ask]);
      assert.equal(stderr, '');
      assert.equal(code, 0);
      assert.match(stdout.trimEnd(), ASCTIME);
    }
    const { stdout } = await timeClient(t, key, ['status']);
    assert.match(
      stdout,
      /a classic one: it answers at the number that it is sent plus 3 and says nothing of itself/,
    );
    const json = await timeClient(t, key, ['status', '--json']);
    assert.equal((JSON.parse(json.stdout) as { style: string }).style, 'pid+3');
  },
);

test(
  'a request that is read and not answered says who has read, and what that means',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    const server = await startServer(t, key, { ...python('-2', 'pid+3', 'threads'), ask: 'pid+3' });
    const { code, stderr } = await timeClient(t, key, ['now', '--ask', 'pid', '--timeout', '500ms']);
    assert.equal(code, 4);
    assert.match(
      stderr,
      new RegExp(
        `within 500ms: the request was read \\(pid ${server.pid} \\(python3.*\\) has received from the queue last\\), and not ` +
          `answered at this client's pid: its reader may answer elsewhere; leave --ask and --classic away`,
      ),
    );
  },
);
