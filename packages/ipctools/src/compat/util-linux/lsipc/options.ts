import type { Option } from '../getopt.js';
import { Failure } from '../program.js';

/** In the order in which an ambiguous abbreviation lists them. */
export const OPTIONS: readonly Option[] = [
  { letter: 'b', name: 'bytes' },
  { letter: 'c', name: 'creator' },
  { letter: 'e', name: 'export' },
  { letter: 'g', name: 'global' },
  { letter: 'h', name: 'help' },
  { letter: 'i', name: 'id', argument: 'required' },
  { letter: 'J', name: 'json' },
  { letter: 'l', name: 'list' },
  { letter: 'N', name: 'name', argument: 'required' },
  { letter: 'n', name: 'newline' },
  { name: 'noheadings' },
  { name: 'notruncate' },
  { letter: 'P', name: 'numeric-perms' },
  { letter: 'o', name: 'output', argument: 'required' },
  { letter: 'Q', name: 'posix-mqueues' },
  { letter: 'S', name: 'posix-semaphores' },
  { letter: 'M', name: 'posix-shmems' },
  { letter: 'q', name: 'queues' },
  { letter: 'r', name: 'raw' },
  { letter: 's', name: 'semaphores' },
  { letter: 'm', name: 'shmems' },
  { letter: 't', name: 'time' },
  { name: 'time-format', argument: 'required' },
  { letter: 'V', name: 'version' },
  { letter: 'y', name: 'shell' },
];

/** Options of which one alone can be given. */
const EXCLUSIVE: readonly (readonly string[])[] = [
  ['J', 'e', 'l', 'n', 'r'],
  ['N', 'g', 'i'],
  ['M', 'Q', 'S', 'm', 'q', 's'],
];

/** Refuses the option if another of its group was given before. */
export function refuseBoth(option: string, given: ReadonlySet<string>): void {
  for (const group of EXCLUSIVE) {
    if (!group.includes(option) || !group.some((other) => other !== option && given.has(other))) continue;
    const names = group.map((letter) => ` --${OPTIONS.find((one) => one.letter === letter)?.name}`);
    throw new Failure(`mutually exclusive arguments:${names.join('')}`);
  }
}
