import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The first CPUs that this process may use, up to a number, as a list for taskset(1). */
export function cpus(most: 1 | 2): string {
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const [first = '0', next] = allowed
    .split(',')
    .map((range) => range.split('-'))
    .flatMap(([low = '', high]) => (high === undefined ? [low] : [low, String(Number(low) + 1)]));
  return most === 1 || next === undefined ? first : `${first},${next}`;
}

let missing: string | undefined;

/** Why programs can't be bound to CPUs on this machine. */
export function tasksetMissing(): string | undefined {
  missing ??= spawnSync('taskset', ['--version']).status === 0 ? '' : 'taskset (util-linux) is not installed';
  return missing === '' ? undefined : missing;
}

/** A command that runs another one on that many CPUs. */
export function onCpus(most: 1 | 2, command: readonly (string | number)[]): [string, string[]] {
  return ['taskset', ['-c', cpus(most), ...command].map(String)];
}
