import { spawn } from 'node:child_process';
import type { Contender } from './contender.js';
import { onCpus } from './cpus.js';
import { newQueue, own } from './leftovers.js';

/** The parameters of one run of two processes. */
interface Pair {
  /** The role of the peer, and the one that measures and prints a line of JSON. */
  readonly roles: readonly [helper: string, measurer: string];
  /** How many CPUs the two of them may use. */
  readonly cpus: 1 | 2;
  readonly count: number;
  readonly bytes: number;
}

/** Runs both processes on a new queue. @returns the output of the measuring one */
export async function runPair(contender: Contender, pair: Pair): Promise<Record<string, number>> {
  const { key, queue } = newQueue();
  try {
    const [helper, measurer] = pair.roles.map((role) => start(contender, role, pair, [key]));
    const [, output] = await Promise.all([helper, measurer]);
    return JSON.parse(output ?? '') as Record<string, number>;
  } finally {
    queue.remove();
  }
}

/** Runs a program that starts its peer itself. @returns its output */
export async function runAlone(
  contender: Contender,
  work: string,
  pair: Pair,
): Promise<Record<string, number>> {
  return JSON.parse(await start(contender, work, pair, [])) as Record<string, number>;
}

function start(contender: Contender, role: string, pair: Pair, key: number[]): Promise<string> {
  const command = [...contender.command(role), ...key, pair.count, pair.bytes];
  const child = own(spawn(...onCpus(pair.cpus, command), { stdio: ['ignore', 'pipe', 'inherit'] }));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve(output);
      else reject(new Error(`${contender.name}: ${role} ended with ${signal ?? `exit code ${status}`}`));
    });
  });
}
