import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { cut } from '@timeq/cli-kit/text/width';
import { percent } from '../../render/columns/kinds.js';
import { fullnessStyle } from '../../render/columns/queues.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { Facts } from '../../model/facts.js';
import { formatSize } from '../../render/bytes.js';
import { formatCount } from '../../format/count.js';
import { writeTable, type TextColumn } from '../../render/table.js';
import { readOverview, type KindOverview } from '../../model/overview.js';
import { note, noteGivenUp } from '../terminal/notes.js';
import { Output } from '../terminal/output.js';
import { screenOf } from '../terminal/screen.js';

function full({ count, limit }: KindOverview): number {
  return limit === 0 ? 100 : (count / limit) * 100;
}

function describeContent({ name, content }: KindOverview): string {
  const held = formatSize(content['bytes'] ?? 0);
  if (name === 'queues') return `${formatCount(content['messages'] ?? 0, 'message')}, ${held}`;
  return name === 'segments' ? held : formatCount(content['semaphores'] ?? 0, 'semaphore');
}

const COLUMNS: readonly TextColumn<KindOverview>[] = [
  { label: 'KIND', align: 'left', priority: 5, shrinksTo: undefined, text: ({ name }) => name },
  { label: 'COUNT', align: 'right', priority: 4, shrinksTo: undefined, text: ({ count }) => String(count) },
  { label: 'LIMIT', align: 'right', priority: 3, shrinksTo: undefined, text: ({ limit }) => String(limit) },
  {
    label: 'FULL',
    align: 'right',
    priority: 2,
    shrinksTo: undefined,
    text: (kind) => percent.text(full(kind)),
    style: (kind) => fullnessStyle(full(kind)),
  },
  { label: 'CONTENT', align: 'left', priority: 1, shrinksTo: 10, text: describeContent },
];

export async function run(_words: readonly string[], options: { readonly json?: true }): Promise<ExitCode> {
  const { kinds, warnings, blockedKnown } = readOverview(new Facts());
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
    await output.deliver(`${jsonText({ overview: { ...byName, warnings, blockedKnown } }, 2)}\n`);
    return EXIT.done;
  }
  const screen = screenOf();
  const givenUp = await writeTable(kinds, COLUMNS, { header: true, screen, output });
  if (warnings.length > 0) await output.write('\n');
  for (const { code, sentence } of warnings) {
    const mark = code === 'limit-near' ? 'yellow' : 'red';
    await output.write(`${screen.paint(mark, '!')} ${cut(escapeText(sentence), screen.width - 2)}\n`);
  }
  await output.flush();
  if (!blockedKnown && kinds.some(({ name, count }) => name === 'queues' && count > 0)) {
    note(
      screen.paint(
        'dim',
        cut('? not every process may be looked at: blocked senders may be missing', screen.width),
      ),
    );
  }
  noteGivenUp(givenUp, screen);
  return EXIT.done;
}
