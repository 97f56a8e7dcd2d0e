import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { hang } from '@timeq/cli-kit/text/width';
import { percent } from '../../render/columns/kinds.js';
import { fullnessStyle } from '../../render/columns/queues.js';
import { verdicts } from '../../evidence/survey.js';
import { KINDS } from '../../model/kind-names.js';
import { criteriaFrom } from '../criteria.js';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Facts } from '../../model/facts.js';
import { formatCount } from '../../format/count.js';
import { describeContent } from '../../render/overview.js';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { JsonObject } from '../../format/json.js';
import { surveyPosix } from '../../posix/rules.js';
import { readOverview } from '../../model/overview.js';
import { readPosixOverview, type PosixKindOverview, type PosixOverview } from '../../posix/overview.js';
import { formatSize } from '../../render/bytes.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf, type Screen } from '@timeq/cli-kit/output/screen';

function full(count: number, limit: number): number {
  return limit === 0 ? 100 : (count / limit) * 100;
}

/** A row of the table. */
interface Row {
  readonly name: string;
  readonly count: number;
  /** Undefined: none. */
  readonly limit: number | undefined;
  readonly content: string;
}

const POSIX_NAMES = {
  'posix queue': 'posix queues',
  'posix memory': 'posix memory',
  'posix semaphore': 'posix semaphores',
} as const;

function posixRow({ kind, count, limit, messages, bytes }: PosixKindOverview): Row {
  const held = formatSize(bytes);
  const content = kind === 'posix queue' ? `${formatCount(messages, 'message')}, ${held}` : held;
  return { name: POSIX_NAMES[kind], count, limit, content };
}

function posixJson({ kinds, absent }: PosixOverview, stale: number): JsonObject {
  const byName = kinds.map(({ kind, count, limit, bytes, messages }) => [
    POSIX_NAMES[kind].replace('posix ', ''),
    { count, limit: limit ?? null, bytes, ...(kind === 'posix queue' && { messages }) },
  ]);
  return { ...(Object.fromEntries(byName) as JsonObject), stale, absent };
}

/** How many objects `ipctools stale` shows as stale. */
function countStale(facts: Facts): number {
  let count = 0;
  for (const { verdict } of verdicts(KINDS, criteriaFrom({}), facts)) if (verdict === 'stale') count += 1;
  return count;
}

const COLUMNS: readonly TextColumn<Row>[] = [
  { label: 'KIND', priority: 5, text: ({ name }) => name },
  { label: 'COUNT', align: 'right', priority: 4, text: ({ count }) => String(count) },
  { label: 'LIMIT', align: 'right', priority: 3, text: ({ limit }) => String(limit ?? '-') },
  {
    label: 'FULL',
    align: 'right',
    priority: 2,
    text: ({ count, limit }) => (limit === undefined ? '-' : percent.text(full(count, limit))),
    style: ({ count, limit }) => (limit === undefined ? undefined : fullnessStyle(full(count, limit))),
  },
  { label: 'CONTENT', priority: 1, shrinksTo: 10, text: ({ content }) => content },
];

/** A sentence behind its mark, in lines that fit the screen. */
function marked({ paint, width }: Screen, style: 'yellow' | 'red', sentence: string): string {
  return `${hang(`${paint(style, '!')} `, sentence, width).join('\n')}\n`;
}

export async function run(_words: readonly string[], options: { readonly json?: true }): Promise<number> {
  const facts = new Facts();
  const { kinds, warnings, blockedKnown } = readOverview(facts);
  const stale = countStale(facts);
  const posix = readPosixOverview(facts.posix);
  const stalePosix = surveyPosix(criteriaFrom({}), facts).filter(({ verdict }) => verdict === 'stale').length;
  const output = new Output();
  if (options.json) {
    const byName = Object.fromEntries(
      kinds.map((kind) => [
        kind.name,
        {
          count: kind.count,
          limit: kind.limit,
          fullPercent: Math.round(full(kind.count, kind.limit) * 100) / 100,
          ...kind.content,
        },
      ]),
    );
    await output.deliver(
      `${jsonText({ overview: { ...byName, posix: posixJson(posix, stalePosix), warnings, stale, blockedKnown } }, 2)}\n`,
    );
    return EXIT.done;
  }
  const screen = screenOf();
  const rows = [
    ...kinds.map((kind) => ({ ...kind, content: describeContent(kind) })),
    ...posix.kinds.filter(({ count }) => count > 0).map(posixRow),
  ];
  await writeTable(rows, COLUMNS, output);
  if (warnings.length > 0) await output.write('\n');
  for (const { code, sentence } of warnings) {
    const mark = code === 'limit-near' ? 'yellow' : 'red';
    await output.write(marked(screen, mark, escapeText(sentence)));
  }
  for (const [count, what, verb] of [
    [stale, 'object', 'stale'],
    [stalePosix, 'POSIX object', 'stale posix'],
  ] as const) {
    if (count === 0) continue;
    const sentence = `${formatCount(count, `${what} looks`, `${what}s look`)} stale: \`ipctools ${verb}\` shows why`;
    await output.write(`\n${marked(screen, 'yellow', sentence)}`);
  }
  await output.flush();
  const doubts = [...posix.absent];
  if (!blockedKnown && kinds.some(({ name, count }) => name === 'queues' && count > 0))
    doubts.push("some processes can't be inspected: blocked senders may be missing");
  for (const sentence of doubts) for (const line of hang('? ', sentence, screen.width)) note(line, 'dim');
  return EXIT.done;
}
