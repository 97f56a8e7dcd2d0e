import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { Output } from '@timeq/cli-kit/output/output';
import { readPause } from '@timeq/cli-kit/args/duration';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { formatKey, MessageQueue, type QueueEntry } from '@timeq/mq-native';
import { Facts } from '../../model/facts.js';
import { entryOf, findTarget, type QueueTarget } from '../../model/find-queue.js';
import { readCondition, type Condition } from '../../render/columns/filter.js';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { jsonEntry } from '../../render/columns/write.js';
import { measured, performanceOf } from '../check/performance-data.js';
import { exitCodeOf, severityOf, stateOf, STATES, worstOf } from '../check/states.js';
import type { Conditions, QueueState, State } from '../check/states.js';
import type { ServerState } from '../check/server.js';
import { verdictColumn } from '../check/verdict-column.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { criteriaFrom } from './stale.js';

interface CheckOptions extends TargetOptions {
  readonly all?: true;
  readonly warning?: readonly string[];
  readonly critical?: readonly string[];
  readonly olderThan?: string;
  readonly assumeUnseenIdle?: true;
  readonly expectServer?: true;
  readonly timeout?: string;
  readonly format?: 'nagios' | 'text' | 'json';
}

/** What is looked for unless a condition is given. */
const USUAL = { warning: ['full>=80%'], critical: ['full>=95%'] };

/** How long a time server may take to answer. */
const USUAL_TIMEOUT = '2s';

/** How many queues one line names. */
const MOST_NAMED = 10;

export async function run(words: readonly string[], options: CheckOptions): Promise<number> {
  const { all, format = 'nagios' } = options;
  if (all === true && (words.length > 0 || options.queueKey !== undefined || options.queueId !== undefined)) {
    throw new UsageError('use either --all or the name of one queue');
  }
  const facts = new Facts();
  const conditions = conditionsFrom(options, facts);
  const timeout = readPause(options.timeout ?? USUAL_TIMEOUT);
  if (all === true && options.expectServer === true) throw new UsageError('--expect-server takes one queue');
  const found = all === true ? MessageQueue.list() : entriesAt(onlyTarget(words, options));
  const output = new Output();
  if (typeof found === 'string') return await report(output, 'CRITICAL', found);
  const server = options.expectServer === true ? await expectedServer(found[0], timeout) : undefined;
  const states = found.map((entry) => stateOf(entry, conditions, facts));
  const worst = worstOf([...states, ...(server === undefined ? [] : [server])].map(({ state }) => state));
  if (format === 'nagios') {
    const text = all === true ? summary(states, facts) : single(states, server, conditions, facts);
    return await report(output, worst, text);
  }
  await output.deliver(
    format === 'json' ? `${json(worst, states, server, facts)}\n` : lines(states, server, facts),
  );
  return exitCodeOf(worst);
}

async function report(output: Output, state: State, text: string): Promise<number> {
  await output.deliver(`QUEUES ${state} - ${text}\n`);
  return exitCodeOf(state);
}

/** The queue that was named, or why there is none. */
function entriesAt(target: QueueTarget): readonly QueueEntry[] | string {
  using queue = findTarget(target);
  if (queue !== undefined) return [entryOf(queue)];
  const named = target.by === 'key' ? `key ${formatKey(target.key)}` : `id ${target.id}`;
  return `no queue has ${named} in this IPC namespace (a container has its own)`;
}

function conditionsFrom(options: CheckOptions, facts: Facts): Conditions {
  const given = options.warning !== undefined || options.critical !== undefined;
  const { warning = [], critical = [] } = given ? options : USUAL;
  const columns = [...QUEUE_COLUMNS, verdictColumn(criteriaFrom(options))];
  const read = (words: readonly string[]) => words.map((word) => readCondition(word, columns, facts));
  return { warning: read(warning), critical: read(critical) };
}

async function expectedServer(entry: QueueEntry | undefined, timeout: number): Promise<ServerState> {
  if (entry === undefined || entry.key === 0) {
    throw new UsageError('--expect-server takes a queue with a key: a server without one has no clients');
  }
  return await (await import('../check/server.js')).serverState(entry.key, timeout);
}

/** One queue in one line, with all that is measured of it. */
function single(
  [state]: readonly QueueState[],
  server: ServerState | undefined,
  conditions: Conditions,
  facts: Facts,
): string {
  if (state === undefined) return '';
  const measures = performanceOf(state.entry, conditions, facts);
  if (server?.seconds !== undefined) measures.push(measured('time', server.seconds.toFixed(6), 's'));
  const text = [...(server === undefined ? [] : [plain(server.text)]), told(state, facts)].join('; ');
  return `${text} | ${measures.join(' ')}`;
}

/** All queues in one line: the worst by name, and how many are in which state. */
function summary(states: readonly QueueState[], facts: Facts): string {
  const wrong = states
    .filter(({ state }) => state !== 'OK')
    .toSorted((one, other) => severityOf(other.state) - severityOf(one.state));
  const named = wrong.slice(0, MOST_NAMED).map((each) => `${told(each, facts)} (${each.state})`);
  const more = wrong.length > MOST_NAMED ? [`and ${wrong.length - MOST_NAMED} more`] : [];
  const text =
    wrong.length === 0
      ? `${states.length} queues`
      : `${wrong.length} of ${states.length} queues: ${[...named, ...more].join('; ')}`;
  const counts = STATES.map((name) => {
    const count = states.filter(({ state }) => state === name).length;
    return measured(name.toLowerCase(), String(count), '', [], states.length);
  });
  return `${text} | ${counts.join(' ')}`;
}

/** `queue 0x00000080 (id 5): full 97%`, in the words of the columns. */
function told({ entry, because }: QueueState, facts: Facts): string {
  const name = entry.key === 0 ? `queue ${entry.id}` : `queue ${formatKey(entry.key)} (id ${entry.id})`;
  const columns = [...new Set(because.map(({ column }: Condition<QueueEntry>) => column))];
  const values = (
    columns.length === 0 ? QUEUE_COLUMNS.filter(({ name: column }) => USUALLY_TOLD.has(column)) : columns
  ).map((column) => `${column.name} ${column.text(entry, facts)}`);
  return plain(`${name}: ${values.join(', ')}`);
}

/** What follows a `|` would be taken for measures. */
function plain(text: string): string {
  return escapeText(text).replaceAll('|', '/');
}

const USUALLY_TOLD: ReadonlySet<string> = new Set(['messages', 'full']);

function lines(states: readonly QueueState[], server: ServerState | undefined, facts: Facts): string {
  const rows = states.map((each) => [each.state, told(each, facts)] as const);
  if (server !== undefined) rows.unshift([server.state, plain(server.text)]);
  if (rows.length === 0) rows.push(['OK', 'there are no queues']);
  return rows.map(([state, text]) => `${state.padEnd(8)}  ${text}\n`).join('');
}

function json(
  worst: State,
  states: readonly QueueState[],
  server: ServerState | undefined,
  facts: Facts,
): string {
  return jsonText({
    check: {
      state: worst,
      ...(server === undefined ? {} : { server }),
      queues: states.map(({ entry, state, because }) => ({
        state,
        because: because.map(({ column, operator, word }) => `${column.name}${operator}${word}`),
        ...jsonEntry(entry, QUEUE_COLUMNS, facts),
      })),
    },
  });
}
