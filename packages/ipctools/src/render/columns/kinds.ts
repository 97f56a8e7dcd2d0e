import { readOwner } from '@timeq/cli-kit/args/owner';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { readBytes } from '@timeq/cli-kit/args/bytes';
import { readDuration } from '@timeq/cli-kit/args/duration';
import { readKey } from '@timeq/cli-kit/args/key';
import { readMode } from '@timeq/cli-kit/args/mode';
import { formatKey, formatMode, type Key, type KnownProcess, type Processes } from '@timeq/mq-native';
import { groupId, userId } from '@timeq/mq-native/libc';
import type { Facts } from '../../model/facts.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { formatBytes } from '../bytes.js';
import { exactNumber, type JsonObject } from '../../format/json.js';
import { formatDuration, formatIso, formatLocal } from '../../format/time.js';
import type { Owner } from '../../model/owners.js';
import type { Waiting } from '../../model/queue-state.js';
import type { BlockedThread } from '../../processes/blocked.js';

/** The right side of a condition such as `idle>1h`. */
export interface Comparison<Value> {
  equals(value: Value): boolean;
  /** Below, at or above the literal; undefined if only = and != make sense. */
  order?(value: Value): number;
}

/** A type of column values: how they are aligned, written, ordered and compared. */
export interface Kind<Value> {
  /** The literals of its conditions, for --help. */
  readonly literal: string;
  readonly align: 'left' | 'right';
  /** For people. */
  text(value: Value): string;
  /** For scripts (--raw): exact, one word where possible. */
  raw(value: Value): string;
  /**
   * The value (undefined: not known) as one or several fields of JSON. As text, because making 32,000 objects of
   * two dozen fields only to write them takes twice as long.
   */
  json(field: string, value: Value | undefined): string;
  /** For sorting. */
  compare(a: Value, b: Value): number;
  /** @throws UsageError if the word can't be a value of this kind */
  parse(word: string, facts: Facts): Comparison<Value>;
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function comparedWith(literal: number): Comparison<number> {
  return { equals: (value) => value === literal, order: (value) => value - literal };
}

/** A field of JSON with a value that needs no conversion: a number, or null. */
function numberField(name: string, value: number | null | undefined): string {
  return `"${name}":${value ?? null}`;
}

/** A field whose value is a text of the program's own, which needs no escapes. */
function wordField(name: string, value: string | undefined): string {
  return value === undefined ? `"${name}":null` : `"${name}":"${value}"`;
}

function field(name: string, value: unknown): string {
  return value === undefined ? `"${name}":null` : `"${name}":${jsonText(value)}`;
}

function numberKind(
  parse: (word: string) => number,
  own: Partial<Kind<number>> & { literal: string },
): Kind<number> {
  return {
    align: 'right',
    text: String,
    raw: String,
    json: numberField,
    compare: byNumber,
    parse: (word) => comparedWith(parse(word)),
    ...own,
  };
}

function parseNumber(word: string): number {
  if (/^\d+(\.\d+)?$/.test(word)) return Number(word);
  throw new UsageError(`'${word}' is not a number`);
}

/** A kind whose values some objects do not have: null, written as `-`. It equals nothing, and is below everything. */
export function optional<Value>(kind: Kind<Value>): Kind<Value | null> {
  return {
    ...kind,
    text: (value) => (value === null ? '-' : kind.text(value)),
    raw: (value) => (value === null ? '-' : kind.raw(value)),
    json: (name, value) => kind.json(name, value ?? undefined),
    compare: (a, b) => {
      if (a === null || b === null) return Number(a !== null) - Number(b !== null);
      return kind.compare(a, b);
    },
    parse: (word, facts) => {
      const comparison = kind.parse(word, facts);
      return {
        equals: (value) => value !== null && comparison.equals(value),
        ...(comparison.order && {
          order: (value: Value | null) =>
            value === null ? Number.NaN : (comparison.order?.(value) ?? Number.NaN),
        }),
      };
    },
  };
}

export const integer = numberKind(parseNumber, { literal: 'a number' });

export const bytes = numberKind(readBytes, { literal: 'bytes: 4096, 16K, 1M', text: formatBytes });

export const percent = numberKind((word) => parseNumber(word.replace(/%$/, '')), {
  literal: 'a percentage: 80 or 80%',
  text: (value) => `${value < 100 ? Math.floor(value) : Math.round(value)}%`,
  raw: (value) => value.toFixed(2),
  json: (name, value) => numberField(name, value === undefined ? null : Math.round(value * 100) / 100),
});

/** How long: seconds. */
export const duration = numberKind((word) => readDuration(word) / 1000, {
  literal: 'a duration: 30s, 5m, 1h, 2d',
  text: formatDuration,
});

/** A moment: seconds since the epoch, 0 for never. JSON has it in ISO 8601 and beside it in seconds; null for never. */
export const time = numberKind(
  (word) => {
    const milliseconds = Date.parse(word);
    if (Number.isNaN(milliseconds))
      throw new UsageError(`'${word}' is not a time; write it as 2026-11-20T09:09:00Z`);
    return milliseconds / 1000;
  },
  {
    literal: 'a time: 2026-11-20T09:09:00Z',
    align: 'left',
    text: (value) => (value === 0 ? '-' : formatLocal(value)),
    json: (name, value) =>
      `${wordField(name, value ? formatIso(value) : undefined)},${numberField(`${name}Epoch`, value ? value : null)}`,
  },
);

/** JSON has the number and, beside it, the hexadecimal form that people know it by. */
export const key: Kind<Key> = numberKind(readKey, {
  literal: 'a key: 0x80 or 128',
  align: 'left',
  text: formatKey,
  raw: formatKey,
  json: (name, value) =>
    `${numberField(name, value)},${wordField(`${name}Hex`, value === undefined ? undefined : formatKey(value))}`,
});

/** JSON has the number and, beside it, the octal form. */
export const mode = numberKind(readMode, {
  literal: 'a mode: 0600',
  align: 'left',
  text: formatMode,
  raw: formatMode,
  json: (name, value) =>
    `${numberField(name, value)},${wordField(`${name}Octal`, value === undefined ? undefined : formatMode(value))}`,
});

function ownerKind(
  noun: 'user' | 'group',
  suffix: string,
  find: (name: string) => number | undefined,
): Kind<Owner> {
  return {
    literal: `a ${noun}: name or number`,
    align: 'left',
    text: ({ name }) => name,
    raw: ({ name }) => name,
    json: (name, value) =>
      value === undefined
        ? `${wordField(name, undefined)},${numberField(`${name}${suffix}`, null)}`
        : `${field(name, value.name)},${numberField(`${name}${suffix}`, value.id)}`,
    compare: (a, b) => byText(a.name, b.name),
    parse: (word) => {
      const id = readOwner(noun, word, find);
      return { equals: (value) => value.id === id };
    },
  };
}

export const user = ownerKind('user', 'Uid', userId);
export const group = ownerKind('group', 'Gid', groupId);

/** A process in a list: of an interpreter its script tells more than its own name. */
export interface ListedProcess extends KnownProcess {
  readonly script?: string | undefined;
}

export function listed(process: KnownProcess, processes: Processes): ListedProcess {
  return process.state === 'alive' ? { ...process, script: processes.script(process.pid) } : process;
}

/**
 * `1234 fill.js`, `1234 dead`; `1234 ended`: a receiver that may have been a thread; `1234 reused`: another process has
 * its number; `1234 ?`: hidden. One of another pid namespace has no number here.
 */
export function formatProcess({ pid, state, name, script }: ListedProcess): string {
  if (state === 'never') return '-';
  if (state === 'elsewhere') return 'elsewhere';
  if (state === 'hidden') return `${pid} ?`;
  return state === 'alive' ? `${pid} ${escapeText(script ?? name ?? '?')}` : `${pid} ${state}`;
}

/** Compared by number, by state (`dead`, `alive`, and so on), by name or by script. */
export const process: Kind<ListedProcess> = {
  literal: 'a pid, a name, or dead, ended, reused, alive, hidden, elsewhere, never',
  align: 'left',
  text: formatProcess,
  raw: ({ pid }) => String(pid),
  json: (name, value) =>
    value === undefined
      ? `"${name}":null`
      : `"${name}":{${numberField('pid', value.pid)},${wordField('state', value.state)},${field('name', value.name)}}`,
  compare: (a, b) => a.pid - b.pid,
  parse: (word) => {
    if (/^\d+$/.test(word)) return { equals: ({ pid }) => pid === Number(word) };
    return { equals: ({ state, name, script }) => [state, name, script].includes(word) };
  },
};

/** `S`: a sender is blocked, `R`: a receiver, `SR` both. */
export function formatWaiting(threads: Waiting): string {
  const letters = [
    threads.some(({ call }) => call === 'msgsnd') ? 'S' : '',
    threads.some(({ call }) => call === 'msgrcv') ? 'R' : '',
  ].join('');
  return letters || '-';
}

function threadJson({ pid, tid, type, except, bytes: size }: BlockedThread): JsonObject {
  return {
    pid,
    tid,
    ...(type !== undefined && { type: exactNumber(type) }),
    ...(except === true && { except }),
    ...(size !== undefined && { bytes: size }),
  };
}

/** JSON has the letters, and the threads in blockedSenders and blockedReceivers; null where it can't be known. */
export const waiting: Kind<Waiting> = {
  literal: 'S, R, SR or -',
  align: 'left',
  text: formatWaiting,
  raw: formatWaiting,
  json: (name, value) => {
    const threads = (call: BlockedThread['call']): JsonObject[] | undefined =>
      value?.filter((thread) => thread.call === call).map(threadJson);
    return [
      wordField(name, value && formatWaiting(value).replace('-', '')),
      field('blockedSenders', threads('msgsnd')),
      field('blockedReceivers', threads('msgrcv')),
    ].join(',');
  },
  compare: (a, b) => a.length - b.length,
  parse: (word) => {
    if (!/^(S|R|SR|-)$/.test(word)) throw new UsageError(`'${word}' is not one of S, R, SR and -`);
    return { equals: (value) => formatWaiting(value) === word };
  },
};

/** A set of words, such as a segment's `dest` and `locked`. */
export const flags: Kind<readonly string[]> = {
  literal: 'a word, or - for none',
  align: 'left',
  text: (value) => value.join(',') || '-',
  raw: (value) => value.join(',') || '-',
  json: field,
  compare: (a, b) => byText(a.join(), b.join()),
  parse: (word) => ({ equals: (value) => (word === '-' ? value.length === 0 : value.includes(word)) }),
};

/** A text of other programs, such as a command line; empty for none. */
export const words: Kind<string> = {
  literal: 'a text',
  align: 'left',
  text: (value) => escapeText(value) || '-',
  raw: (value) => value || '-',
  json: (name, value) => field(name, value === '' ? undefined : value),
  compare: byText,
  parse: (word) => ({ equals: (value) => value === word || (word === '-' && value === '') }),
};

/** The values of a set's semaphores, in their order. */
export const values: Kind<readonly number[]> = {
  literal: 'numbers, such as 1,0',
  align: 'left',
  text: (value) => value.join(','),
  raw: (value) => value.join(','),
  json: field,
  compare: (a, b) => byText(a.join(), b.join()),
  parse: (word) => ({ equals: (value) => value.join(',') === word }),
};

/** Processes, and whether there may be more that can't be inspected. */
export interface FoundProcesses {
  readonly found: readonly ListedProcess[];
  readonly complete: boolean;
}

function formatProcesses({ found, complete }: FoundProcesses): string {
  return [...found.map(formatProcess), ...(complete ? [] : ['?'])].join(', ') || '-';
}

/** Compared by the number or the name of any of them. */
export const processes: Kind<FoundProcesses> = {
  literal: 'a pid or a name of one of them, or - for none',
  align: 'left',
  text: formatProcesses,
  raw: ({ found, complete }) => [...found.map(({ pid }) => pid), ...(complete ? [] : ['?'])].join(',') || '-',
  json: (name, value) =>
    [
      field(
        name,
        value?.found.map(({ pid, state, name: command }) => ({ pid, state, name: command ?? null })),
      ),
      `"${name}Known":${value?.complete ?? false}`,
    ].join(','),
  compare: (a, b) => a.found.length - b.found.length,
  parse: (word) => ({
    equals: ({ found, complete }) =>
      word === '-'
        ? complete && found.length === 0
        : found.some(({ pid, name, script }) => [String(pid), name, script].includes(word)),
  }),
};
