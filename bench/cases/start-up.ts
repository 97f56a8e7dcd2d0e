import { execFile, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Case } from '../case.js';
import { python, pythonMissing, type Contender } from '../contender.js';
import { timeqServer } from '../time-servers.js';

const program = fileURLToPath(new URL('../../programs/start_up.py', import.meta.url));
const runFile = promisify(execFile);

/** How many starts make one repetition: a single start varies too much. */
const STARTS = 15;

function bin(name: string): string {
  return fileURLToPath(new URL(`../../../packages/${name}/bin/${name}.js`, import.meta.url));
}

/** A script to run with node; the role is the key of a running time server. */
function starts(name: string, command: (key: string) => string[]): Contender {
  return {
    name,
    alone: true,
    command: (key) => [process.execPath, ...command(key)],
    missing: pythonMissing,
  };
}

/** A program of util-linux. */
function utilLinux(name: string, ...words: string[]): Contender {
  return {
    name: [name, ...words].join(' '),
    alone: true,
    command: () => [name, ...words],
    missing: () =>
      pythonMissing() ??
      (spawnSync(name, ['-V'], { stdio: 'ignore' }).status === 0 ? undefined : `${name} is missing`),
  };
}

/** The time from the start of a command to its end, and its peak memory. */
export const startUps: readonly Case[] = (['milliseconds', 'megabytes'] as const).map((figure) => ({
  name: `start-up-${figure}`,
  title: `Running a command from start to end: ${figure === 'milliseconds' ? 'time' : 'memory'}`,
  figure,
  unit: figure === 'milliseconds' ? 'ms' : 'MB',
  more: false,
  ...(figure === 'milliseconds' && { columns: { cpu: 'ms of CPU' } }),
  contenders: [
    starts('node -e 0', () => ['-e', '0']),
    starts('time-client now', (key) => [bin('time-client'), 'now', '--key', key]),
    starts('time-server --help', () => [bin('time-server'), '--help']),
    utilLinux('ipcs'),
    // What a script may call in a loop; -V removes nothing.
    utilLinux('ipcrm', '-V'),
    starts('ipctools ipcs', () => [bin('ipctools'), 'ipcs']),
    starts('ipctools ipcrm -V', () => [bin('ipctools'), 'ipcrm', '-V']),
    starts('ipctools list', () => [bin('ipctools'), 'list']),
  ],
  run: async (contender, short) => {
    const key = randomInt(1, 0x7fff_ffff);
    const stop = await timeqServer.start(key);
    try {
      const command = [program, short ? '1' : String(STARTS), ...contender.command(String(key))];
      return JSON.parse((await runFile(python, command)).stdout) as Record<string, number>;
    } finally {
      await stop();
    }
  },
}));
