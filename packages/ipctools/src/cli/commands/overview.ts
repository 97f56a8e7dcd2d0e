import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { cut } from '@timeq/cli-kit/text/width';
import { percent } from '../../render/columns/kinds.js';
import { fullnessStyle } from '../../render/columns/queues.js';
import { verdicts } from '../../evidence/survey.js';
import { KINDS } from '../../model/kind-names.js';
import { criteriaFrom } from './stale.js';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Facts } from '../../model/facts.js';
import { formatCount } from '../../format/count.js';
import { describeContent } from '../../render/overview.js';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { readOverview, type KindOverview } from '../../model/overview.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';

function full({ count, limit }: KindOverview): number {
  return limit === 0 ? 100 : (count / limit) * 100;
}

/** How many objects `ipctools stale` shows as stale. */
function countStale(facts: Facts): number {
  let count = 0;
  for (const { verdict } of verdicts(KINDS, criteriaFrom({}), facts)) if (verdict === 'stale') count += 1;
  return count;
}

const COLUMNS: readonly TextColumn<KindOverview>[] = [
  { label: 'KIND', priority: 5, text: ({ name }) => name },
  { label: 'COUNT', align: 'right', priority: 4, text: ({ count }) => String(count) },
  { label: 'LIMIT', align: 'right', priority: 3, text: ({ limit }) => String(limit) },
  {
    label: 'FULL',
    align: 'right',
    priority: 2,
    text: (kind) => percent.text(full(kind)),
    style: (kind) => fullnessStyle(full(kind)),
  },
  { label: 'CONTENT', priority: 1, shrinksTo: 10, text: describeContent },
];

export async function run(_words: readonly string[], options: { readonly json?: true }): Promise<number> {
  const facts = new Facts();
  const { kinds, warnings, blockedKnown } = readOverview(facts);
  const stale = countStale(facts);
  const output = new Output();
  if (options.json) {
    const byName = Object.fromEntries(
      kinds.map((kind) => [
        kind.name,
        {
          count: kind.count,
          limit: kind.limit,
          fullPercent: Math.round(full(kind) * 100) / 100,
          ...kind.content,
        },
      ]),
    );
    await output.deliver(`${jsonText({ overview: { ...byName, warnings, stale, blockedKnown } }, 2)}\n`);
    return EXIT.done;
  }
  const screen = screenOf();
  await writeTable(kinds, COLUMNS, output);
  if (warnings.length > 0) await output.write('\n');
  for (const { code, sentence } of warnings) {
    const mark = code === 'limit-near' ? 'yellow' : 'red';
    await output.write(`${screen.paint(mark, '!')} ${cut(escapeText(sentence), screen.width - 2)}\n`);
  }
  if (stale > 0) {
    const sentence = `${formatCount(stale, 'object looks', 'objects look')} stale: \`ipctools stale\` shows why`;
    await output.write(`\n${screen.paint('yellow', '!')} ${cut(sentence, screen.width - 2)}\n`);
  }
  await output.flush();
  if (!blockedKnown && kinds.some(({ name, count }) => name === 'queues' && count > 0)) {
    note(cut("? some processes can't be inspected: blocked senders may be missing", screen.width), 'dim');
  }
  return EXIT.done;
}
