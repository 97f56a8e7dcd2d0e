import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { Output } from '@timeq/cli-kit/output/output';
import { readPause } from '@timeq/cli-kit/args/duration';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { formatKey, MessageQueue, type QueueEntry } from '@timeq/mq-native';
import { Facts } from '../../model/facts.js';
import { entryOf, findTarget, type QueueTarget } from '../../model/find-queue.js';
import { absences } from '../../model/posix/places.js';
import type { PosixObject } from '../../model/posix/objects.js';
import { readCondition, type Condition } from '../../render/columns/filter.js';
import { jsonEntry } from '../../render/columns/write.js';
import { POSIX_CHECK, QUEUE_CHECK, type CheckedKind } from '../check/checked-kind.js';
import { measured, NONE, performanceOf } from '../check/performance-data.js';
import {
  exitCodeOf,
  severityOf,
  stateOf,
  STATES,
  worstOf,
  type CheckedState,
  type Conditions,
  type State,
} from '../check/states.js';
import type { ServerState } from '../check/server.js';
import {
  describePosixName,
  findPosix,
  isPosixName,
  readPosixNames,
  type PosixOptions,
} from '../posix-target.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { criteriaFrom, type CriteriaOptions } from '../criteria.js';

interface CheckOptions extends TargetOptions, PosixOptions<string>, CriteriaOptions {
  readonly all?: true;
  readonly warning?: readonly string[];
  readonly critical?: readonly string[];
  readonly expectServer?: true;
  readonly timeout?: string;
  readonly format?: 'nagios' | 'text' | 'json';
}

/** What is looked for unless a condition is given. */
const USUAL = { warning: ['full>=80%'], critical: ['full>=95%'] };

/** How long a time server may take to answer. */
const USUAL_TIMEOUT = '2s';

/** How many objects one line names. */
const MOST_NAMED = 10;

/** What is found of one kind. */
interface Found<Entry> {
  readonly kind: CheckedKind<Entry>;
  readonly entries: readonly Entry[];
  /** Whether these are all, or one that was named. */
  readonly isAll: boolean;
  /** What can't be seen: the check is not ok then. */
  readonly unseen: readonly string[];
  /** The object that was named is not there, or can't be seen. */
  readonly missing?: { readonly state: State; readonly text: string };
}

export async function run(words: readonly string[], options: CheckOptions): Promise<number> {
  const facts = new Facts();
  const { all, posixMqueue, posixShmem, posixSemaphore, queueKey, queueId } = options;
  const isNamed = words.length > 0 || queueKey !== undefined || queueId !== undefined;
  const posixOptions = [posixMqueue, posixShmem, posixSemaphore].filter((name) => name !== undefined);
  if (all === true && (isNamed || posixOptions.length > 0)) {
    throw new UsageError(
      'use either --all or the name of one object; `ipctools check posix` checks all POSIX objects',
    );
  }
  const isPosix = posixOptions.length > 0 || words[0] === 'posix' || words.some(isPosixName);
  if ((all === true || isPosix) && options.expectServer === true)
    throw new UsageError('--expect-server takes one queue of System V');
  if (isPosix) return await check(posixObjects(words, options, facts), options, facts);
  return await check(all === true ? allQueues() : queueAt(onlyTarget(words, options)), options, facts);
}

function allQueues(): Found<QueueEntry> {
  return { kind: QUEUE_CHECK, entries: MessageQueue.list(), isAll: true, unseen: [] };
}

function queueAt(target: QueueTarget): Found<QueueEntry> {
  using queue = findTarget(target);
  if (queue !== undefined) return { kind: QUEUE_CHECK, entries: [entryOf(queue)], isAll: false, unseen: [] };
  const named = target.by === 'key' ? `key ${formatKey(target.key)}` : `id ${target.id}`;
  const text = `no queue has ${named} in this IPC namespace (a container has its own)`;
  return { kind: QUEUE_CHECK, entries: [], isAll: false, unseen: [], missing: { state: 'CRITICAL', text } };
}

function posixObjects(
  words: readonly string[],
  { posixMqueue, posixShmem, posixSemaphore, queueKey, queueId }: CheckOptions,
  { posix }: Facts,
): Found<PosixObject> {
  const given = (word: string | undefined): string[] => (word === undefined ? [] : [word]);
  const names = readPosixNames(words, {
    posixMqueue: given(posixMqueue),
    posixShmem: given(posixShmem),
    posixSemaphore: given(posixSemaphore),
  });
  const [name] = names;
  const isAll = name === undefined;
  const others =
    words.filter((word) => !isPosixName(word)).length + given(queueKey).length + given(queueId).length;
  if (names.length + others !== 1)
    throw new UsageError('check one object at a time, or all POSIX objects with `posix`');
  const unseen = absences(posix.places);
  if (isAll) return { kind: POSIX_CHECK, entries: posix.objects, isAll, unseen };
  const object = findPosix(name, posix.objects);
  if (object !== undefined) return { kind: POSIX_CHECK, entries: [object], isAll, unseen: [] };
  const text = plain([`there is no ${describePosixName(name)} here`, ...unseen].join('; '));
  const state = unseen.length > 0 ? 'UNKNOWN' : 'CRITICAL';
  return { kind: POSIX_CHECK, entries: [], isAll, unseen, missing: { state, text } };
}

async function check<Entry>(found: Found<Entry>, options: CheckOptions, facts: Facts): Promise<number> {
  const { format = 'nagios' } = options;
  const timeout = readPause(options.timeout ?? USUAL_TIMEOUT);
  const output = new Output();
  const { kind, entries, isAll, unseen, missing } = found;
  const conditions = conditionsFrom(kind, options, facts);
  if (missing !== undefined) return await report(output, kind, missing.state, missing.text);
  const server =
    options.expectServer === true ? await expectedServer(entries[0] as QueueEntry, timeout) : undefined;
  const states = entries.map((entry) => stateOf(entry, conditions, facts));
  const worst = worstOf([
    ...[...states, ...(server === undefined ? [] : [server])].map(({ state }) => state),
    ...unseen.map((): State => 'UNKNOWN'),
  ]);
  if (format === 'nagios') {
    const text = isAll
      ? summary(kind, states, unseen, facts)
      : single(kind, states, server, conditions, facts);
    return await report(output, kind, worst, text);
  }
  await output.deliver(
    format === 'json'
      ? `${json(kind, worst, states, server, unseen, facts)}\n`
      : lines(kind, states, server, unseen, facts),
  );
  return exitCodeOf(worst);
}

async function report(
  output: Output,
  { title }: { readonly title: string },
  state: State,
  text: string,
): Promise<number> {
  await output.deliver(`${title} ${state} - ${text}\n`);
  return exitCodeOf(state);
}

function conditionsFrom<Entry>(
  kind: CheckedKind<Entry>,
  options: CheckOptions,
  facts: Facts,
): Conditions<Entry> {
  const given = options.warning !== undefined || options.critical !== undefined;
  const { warning = [], critical = [] } = given ? options : USUAL;
  const columns = [...kind.columns, kind.verdicts(criteriaFrom(options))];
  const read = (words: readonly string[]) => words.map((word) => readCondition(word, columns, facts));
  return { warning: read(warning), critical: read(critical) };
}

async function expectedServer({ key }: QueueEntry, timeout: number): Promise<ServerState> {
  if (key === 0) {
    throw new UsageError('--expect-server takes a queue with a key: a server without one has no clients');
  }
  return await (await import('../check/server.js')).serverState(key, timeout);
}

/** One object in one line, with all that is measured of it. */
function single<Entry>(
  kind: CheckedKind<Entry>,
  [state]: readonly CheckedState<Entry>[],
  server: ServerState | undefined,
  conditions: Conditions<Entry>,
  facts: Facts,
): string {
  if (state === undefined) return '';
  const measures = performanceOf(kind, state.entry, conditions, facts);
  if (server?.seconds !== undefined) measures.push(measured('time', server.seconds.toFixed(6), 's'));
  const text = [...(server === undefined ? [] : [plain(server.text)]), told(kind, state, facts)].join('; ');
  return `${text} | ${measures.join(' ')}`;
}

/** All objects in one line: the worst by name, and how many are in which state. */
function summary<Entry>(
  kind: CheckedKind<Entry>,
  states: readonly CheckedState<Entry>[],
  unseen: readonly string[],
  facts: Facts,
): string {
  const wrong = states
    .filter(({ state }) => state !== 'OK')
    .toSorted((one, other) => severityOf(other.state) - severityOf(one.state));
  const named = wrong.slice(0, MOST_NAMED).map((each) => `${told(kind, each, facts)} (${each.state})`);
  const more = wrong.length > MOST_NAMED ? [`and ${wrong.length - MOST_NAMED} more`] : [];
  const all = `${states.length} ${kind.plural}`;
  const text = wrong.length === 0 ? all : `${wrong.length} of ${all}: ${[...named, ...more].join('; ')}`;
  const counts = STATES.map((name) => {
    const count = states.filter(({ state }) => state === name).length;
    return measured(name.toLowerCase(), String(count), '', [], states.length);
  });
  return `${[text, ...unseen.map(plain)].join('; ')} | ${counts.join(' ')}`;
}

/** `queue 0x00000080 (id 5): full 97%`, in the words of the columns. */
function told<Entry>(
  kind: CheckedKind<Entry>,
  { entry, because }: CheckedState<Entry>,
  facts: Facts,
): string {
  const columns = [...new Set(because.map(({ column }: Condition<Entry>) => column))];
  const shown = columns.length === 0 ? kind.columns.filter(({ name }) => kind.usual.includes(name)) : columns;
  const values = shown
    .filter((column) => columns.length > 0 || column.raw(entry, facts) !== NONE)
    .map((column) => `${column.name} ${column.text(entry, facts)}`);
  return plain(`${kind.name(entry)}: ${values.join(', ')}`);
}

/** What follows a `|` would be taken for measures. */
function plain(text: string): string {
  return escapeText(text).replaceAll('|', '/');
}

function lines<Entry>(
  kind: CheckedKind<Entry>,
  states: readonly CheckedState<Entry>[],
  server: ServerState | undefined,
  unseen: readonly string[],
  facts: Facts,
): string {
  const rows: (readonly [State, string])[] = [
    ...(server === undefined ? [] : [[server.state, plain(server.text)] as const]),
    ...unseen.map((sentence) => ['UNKNOWN', plain(sentence)] as const),
    ...states.map((each) => [each.state, told(kind, each, facts)] as const),
  ];
  if (rows.length === 0) rows.push(['OK', `there are no ${kind.plural}`]);
  return rows.map(([state, text]) => `${state.padEnd(8)}  ${text}\n`).join('');
}

function json<Entry>(
  kind: CheckedKind<Entry>,
  worst: State,
  states: readonly CheckedState<Entry>[],
  server: ServerState | undefined,
  unseen: readonly string[],
  facts: Facts,
): string {
  return jsonText({
    check: {
      state: worst,
      ...(server === undefined ? {} : { server }),
      ...(unseen.length === 0 ? {} : { unseen }),
      [kind.plural]: states.map(({ entry, state, because }) => ({
        state,
        because: because.map(({ column, operator, word }) => `${column.name}${operator}${word}`),
        ...jsonEntry(entry, kind.columns, facts),
      })),
    },
  });
}
