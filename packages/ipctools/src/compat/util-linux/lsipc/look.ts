import { ctime, formatLocalTime } from '@timeq/mq-native/libc';
import { readFileSync } from 'node:fs';
import { Owners } from '../../../model/owners.js';
import { bytewise } from '../output.js';
import { humanSize } from '../ipcs/sizes.js';

export type TimeFormat = 'short' | 'full' | 'iso';

/** How values are written. Tables are long, and few of the owners, sizes and times in them differ: each is made once. */
export interface Look {
  /** The name of a user, or undefined if it has none. */
  readonly user: (uid: number) => string | undefined;
  readonly group: (gid: number) => string | undefined;
  /** The name, or the number. */
  readonly owner: (uid: number) => string;
  readonly permissions: (mode: number) => string;
  readonly size: (bytes: number) => string;
  /** undefined for a time that never was. */
  readonly time: (second: number) => string | undefined;
  /** The command line of a process, or undefined if there is none that may be read. */
  readonly command: (pid: number) => string | undefined;
}

export function makeLook(format: TimeFormat, { bytes, octal }: { bytes: boolean; octal: boolean }): Look {
  const owners = new Owners();
  const named = (name: string, id: number): string | undefined =>
    name === String(id) ? undefined : bytewise(name);
  const formatTime = TIMES[format]();
  return {
    user: memoized((uid) => named(owners.user(uid), uid)),
    group: memoized((gid) => named(owners.group(gid), gid)),
    owner: memoized((uid) => bytewise(owners.user(uid))),
    permissions: memoized(octal ? octalMode : letters),
    size: memoized(bytes ? String : humanSize),
    time: memoized((second) => (second === 0 ? undefined : formatTime(second))),
    command: memoized(commandOf),
  };
}

const TIMES: Readonly<Record<TimeFormat, () => (second: number) => string>> = {
  full: () => ctime,
  iso: () => (second) => formatLocalTime(second, '%Y-%m-%dT%H:%M:%S%z').replace(/(\d\d)$/, ':$1'),
  short: () => {
    const [today, , year] = parts(Math.floor(Date.now() / 1000));
    return (second) => {
      const [day, time, itsYear, monthAndDay] = parts(second);
      if (day === today) return time;
      return itsYear === year ? monthAndDay : `${itsYear}-${monthAndDay}`;
    };
  },
};

function parts(second: number): [day: string, time: string, year: string, monthAndDay: string] {
  return formatLocalTime(second, '%Y-%j %H:%M %Y %b%d').split(' ') as [string, string, string, string];
}

/** As C's `%#o`. */
function octalMode(mode: number): string {
  return mode === 0 ? '0' : `0${mode.toString(8)}`;
}

/** `rw-r-----` */
function letters(mode: number): string {
  let text = '';
  for (let bit = 8; bit >= 0; bit--) text += mode & (1 << bit) ? 'xwr'.charAt(bit % 3) : '-';
  return text;
}

/** As much of it as the original reads. */
const COMMAND_BYTES = 8192;

function commandOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`).subarray(0, COMMAND_BYTES).toString('latin1');
    return text === '' ? undefined : text.replaceAll('\0', ' ').slice(0, -1);
  } catch {
    return undefined;
  }
}

function memoized<Result>(compute: (value: number) => Result): (value: number) => Result {
  const known = new Map<number, Result>();
  return (value) => {
    let result = known.get(value);
    if (result === undefined && !known.has(value)) {
      result = compute(value);
      known.set(value, result);
    }
    return result as Result;
  };
}
