import { join } from 'node:path';
import { Finding, type Check } from './check.js';
import { freshFolder, harnessSources, includeOptions, nativeSources } from './paths.js';
import { capture, gcc, succeed, valgrind, type Output } from './tools.js';

/** How much the harness does: how often it creates its environments, and the steps of each. */
interface Amount {
  readonly rounds: number;
  readonly steps: number;
}

interface HarnessCheck {
  readonly name: string;
  readonly title: string;
  /** Options of the compiler. */
  readonly options: readonly string[];
  /** The command that runs the harness. */
  readonly runner: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly needs?: Check['needs'];
  readonly short: Amount;
  readonly long: Amount;
}

/** The short form has fixed seeds, but the timing of the threads differs from run to run. */
const SEEDS = [1, 2, 3];

const language = [
  '-std=c11',
  '-D_GNU_SOURCE',
  '-DNAPI_VERSION=8',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-g',
  '-pthread',
];

function harnessCheck(plan: HarnessCheck): Check {
  return {
    name: plan.name,
    title: plan.title,
    needs: [gcc, ...(plan.needs ?? [])],
    async run(long) {
      const harness = join(freshFolder(plan.name), 'harness');
      const sources = [...harnessSources(), ...nativeSources()];
      const compile = [...language, ...plan.options, ...includeOptions(), ...sources, '-lm', '-o', harness];
      await succeed('The build of the harness', gcc.command, compile);
      const { rounds, steps } = long ? plan.long : plan.short;
      const totals: [number, number] = [0, 0];
      for (const seed of SEEDS) {
        const [command = harness, ...rest] = [...plan.runner, harness, seed, rounds, steps].map(String);
        const [messages, empty] = readCounts(await capture(command, rest, plan.env));
        totals[0] += messages;
        totals[1] += empty;
      }
      return `${totals[0]} messages and ${totals[1]} empty ones, none lost`;
    },
  };
}

/** How many messages were sent, and how many empty ones. */
function readCounts({ code, text }: Output): [messages: number, empty: number] {
  if (code !== 0 || /WARNING: ThreadSanitizer|ERROR: |runtime error|==\d+==/.test(text)) {
    console.log(text);
    throw new Finding(`exit code ${code}, and the report above`);
  }
  const counts = /(\d+) messages and (\d+) empty/.exec(text);
  return [Number(counts?.[1]), Number(counts?.[2])];
}

/** ThreadSanitizer and valgrind treat a child that shares its parent's memory (CLONE_VM) as a fork. */
const WITHOUT_CHILDREN = '-DWITHOUT_CHILDREN';

export const harnessChecks: readonly Check[] = [
  harnessCheck({
    name: 'threads',
    title: 'waiting threads under ThreadSanitizer, without Node',
    options: ['-O1', '-fsanitize=thread', WITHOUT_CHILDREN],
    // Older ThreadSanitizers fail under the larger address space randomization of newer kernels (vm.mmap_rnd_bits).
    runner: ['setarch', '-R'],
    env: { TSAN_OPTIONS: 'halt_on_error=0:second_deadlock_stack=1' },
    needs: [{ command: 'setarch', debianPackage: 'util-linux' }],
    short: { rounds: 10, steps: 1000 },
    long: { rounds: 150, steps: 2000 },
  }),
  harnessCheck({
    name: 'leaks',
    title: 'waiting threads under AddressSanitizer with its leak check, without Node',
    options: ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
    runner: [],
    short: { rounds: 20, steps: 1000 },
    long: { rounds: 200, steps: 2000 },
  }),
  harnessCheck({
    name: 'memcheck',
    title: 'waiting threads under valgrind memcheck, without Node',
    options: ['-O1', WITHOUT_CHILDREN],
    runner: ['valgrind', '--quiet', '--leak-check=full', '--show-leak-kinds=all', '--error-exitcode=9'],
    needs: [valgrind],
    short: { rounds: 3, steps: 500 },
    long: { rounds: 20, steps: 1000 },
  }),
];
