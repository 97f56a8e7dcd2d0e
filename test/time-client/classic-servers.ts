import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { compileProgram } from '../helpers/compiled.js';
import { skipWithout, type PeerName } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import { root, snippetCommand } from '../helpers/node.js';
import { run, start, type RunningProcess } from '../helpers/process.js';

export interface Style {
  /** What it is written in; C's compiler is there. */
  readonly language: PeerName | 'c';
  readonly manner: readonly string[];
  /** How it can be asked, besides that the client finds out. */
  readonly ask: 'shared' | 'pid' | 'pid+3';
}

const python = (...manner: string[]): Pick<Style, 'language' | 'manner'> => ({ language: 'python', manner });
const c = (...manner: string[]): Pick<Style, 'language' | 'manner'> => ({ language: 'c', manner });

/** The styles in which people have written the server of the exercise. */
export const STYLES: Readonly<Record<string, Style>> = {
  'in Python that receives any type and answers at type 3': { ...python('any', 'shared'), ask: 'shared' },
  'in Python that receives type -2 and answers at type 3': { ...python('-2', 'shared'), ask: 'shared' },
  'in Python that receives any type and is slow': { ...python('any', 'shared', 'slow'), ask: 'shared' },
  'in Python that answers at pid + 3, by threads': { ...python('any', 'pid+3', 'threads'), ask: 'pid+3' },
  'in Python that receives type -2 and answers at pid + 3': { ...python('-2', 'pid+3'), ask: 'pid+3' },
  'in Python that answers at the pid, slowly': { ...python('any', 'pid', 'slow'), ask: 'pid' },
  'in Perl that receives any type and answers at pid + 3': { language: 'perl', manner: [], ask: 'pid+3' },
  'in PHP that receives any type and answers at the pid': { language: 'php', manner: [], ask: 'pid' },
  'in C that receives any type and answers at type 3': { ...c('0', 'shared'), ask: 'shared' },
  'in C that receives type -2 and answers at type 3': { ...c('-2', 'shared'), ask: 'shared' },
  'in C that receives any type and is slow': { ...c('0', 'shared', 'slow'), ask: 'shared' },
  'in C that receives any type and answers at the pid': { ...c('0', 'pid'), ask: 'pid' },
  'in C that receives any type and answers at pid + 3': { ...c('0', 'pid+3'), ask: 'pid+3' },
  'in C that receives type -2 and answers at pid + 3, slowly': { ...c('-2', 'pid+3', 'slow'), ask: 'pid+3' },
};

const CLIENTS = 8;

/** Requests of a client that are waited for at a time: on any machine they are answered before a hang is suspected. */
const AT_A_TIME = 20;

/** Where servers and clients run. */
type Cpus = 'any CPU' | 'a single CPU';

export const skipWithoutTaskset: string | false =
  spawnSync('taskset', ['-V']).status === 0 ? false : 'no taskset of util-linux';

/** For a `skip` option: false if a server of that style can be had. */
export const skipWithoutStyle = ({ language }: Style): string | false =>
  language === 'c' ? false : skipWithout(language);

const folder = `${root}test/time-client/servers/`;

/** Starts such a server at a key, and waits until its queue is there. */
export async function startStyle(
  t: TestContext,
  key: number,
  { language, manner }: Pick<Style, 'language' | 'manner'>,
): Promise<RunningProcess> {
  const commands = {
    c: () => [compileProgram(t, `${folder}classic.c`)],
    python: () => ['/usr/bin/python3', `${folder}styles.py`],
    perl: () => ['perl', `${folder}any.pl`],
    php: () => ['php', `${folder}any.php`],
  };
  const [program = '', ...words] = commands[language]();
  const server = start(t, program, [...words, String(key), ...manner]);
  await server.waitFor('ready');
  return server;
}

/** Asks as `time-client now` does, for each line of its input `KEY COUNT ASK`, and prints how many were answered. */
const ASK = `
  import { createInterface } from 'node:readline';
  import { TimeClient } from '@timeq/time-client';
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [key, count, ask] = line.split(' ');
    let answered = 0;
    for (let request = 0; request < Number(count); request += 1) {
      const client = TimeClient.connect(Number(key), { ask, timeout: 20_000 });
      await client.now().then(() => (answered += 1), () => undefined);
      client.close();
    }
    console.log('answered ' + answered);
  }`;

/** Clients, each a process of its own, which ask one server after the other: to start them takes longer than to ask. */
export class Askers {
  readonly #processes: readonly RunningProcess[];

  private constructor(processes: readonly RunningProcess[]) {
    this.#processes = processes;
  }

  static async start(t: TestContext, cpus: Cpus): Promise<Askers> {
    const prefix = cpus === 'any CPU' ? [] : ['taskset', '-c', '0'];
    const [command = '', ...words] = [...prefix, process.execPath, ...snippetCommand(ASK, [])];
    const processes = Array.from({ length: CLIENTS }, () => start(t, command, words, { cwd: root }));
    await Promise.all(processes.map((process) => process.waitFor('ready')));
    return new Askers(processes);
  }

  /** How many requests were answered, of `each` by the first so many clients at once. */
  async answered(key: number, clients: number, each: number, ask: string): Promise<number> {
    let answered = 0;
    for (let left = each; left > 0; left -= AT_A_TIME)
      answered += await this.#answered(key, clients, Math.min(left, AT_A_TIME), ask);
    return answered;
  }

  async #answered(key: number, clients: number, each: number, ask: string): Promise<number> {
    const asking = this.#processes.slice(0, clients);
    for (const process of asking) process.write(`${key} ${each} ${ask}\n`);
    const counts = await Promise.all(
      asking.map(async (process) => Number((await process.waitFor(/^answered (\d+)$/m))[1])),
    );
    return counts.reduce((total, count) => total + count, 0);
  }
}

/**
 * Asks a server of a style: one client, eight at once, and eight that are told where it answers, each time so many
 * requests by each number of clients. At least 99 of 100 are answered.
 * @returns how many were, and how many were asked
 */
export async function askStyle(
  t: TestContext,
  style: Style,
  askers: Askers,
  cpus: Cpus,
  requests: number,
): Promise<{ readonly answered: number; readonly asked: number }> {
  const key = freshKey(t);
  const { pid } = await startStyle(t, key, style);
  if (cpus === 'a single CPU') assert.equal((await run(t, 'taskset', ['-apc', '0', String(pid)])).code, 0);
  const total = { answered: 0, asked: 0 };
  for (const [clients, ask] of [
    [1, 'auto'],
    [CLIENTS, 'auto'],
    [CLIENTS, style.ask],
  ] as const) {
    const each = Math.ceil(requests / clients);
    const asked = each * clients;
    const answered = await askers.answered(key, clients, each, ask);
    assert.ok(
      answered >= Math.ceil(asked * 0.99),
      `${answered} of ${asked} by ${clients} clients with --ask ${ask}`,
    );
    total.answered += answered;
    total.asked += asked;
  }
  return total;
}
