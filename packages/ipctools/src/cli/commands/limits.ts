import { jsonText } from '@timeq/cli-kit/text/escape';
import { fullnessStyle } from '../../render/columns/queues.js';
import { percent } from '../../render/columns/kinds.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { JsonLists } from '../../render/json-lists.js';
import { writeTable, type TextColumn } from '../../render/table.js';
import { isUnlimited, limitToJson, readLimits, usedPercent, type Limit } from '../../model/limits.js';
import { noteGivenUp } from '../terminal/notes.js';
import { Output } from '../terminal/output.js';
import { screenOf } from '../terminal/screen.js';

const COLUMNS: readonly TextColumn<Limit>[] = [
  { label: 'LIMIT', align: 'left', priority: 9, shrinksTo: undefined, text: ({ name }) => name },
  {
    label: 'VALUE',
    align: 'right',
    priority: 8,
    shrinksTo: undefined,
    text: (limit) => (isUnlimited(limit) ? 'no limit' : String(limit.value)),
  },
  {
    label: 'IN-USE',
    align: 'right',
    priority: 7,
    shrinksTo: undefined,
    text: ({ inUse }) => String(inUse ?? '-'),
  },
  {
    label: 'FULL',
    align: 'right',
    priority: 3,
    shrinksTo: undefined,
    text: (limit) => {
      const used = usedPercent(limit);
      return used === undefined ? '-' : percent.text(used);
    },
    style: (limit) => fullnessStyle(usedPercent(limit) ?? 0),
  },
  { label: 'MEANING', align: 'left', priority: 2, shrinksTo: undefined, text: ({ meaning }) => meaning },
  { label: 'SYSCTL', align: 'left', priority: 1, shrinksTo: undefined, text: ({ sysctl }) => sysctl },
  { label: 'TO-RAISE', align: 'left', priority: 6, shrinksTo: undefined, text: ({ raise }) => raise ?? '-' },
];

export async function run(_words: readonly string[], options: { readonly json?: true }): Promise<ExitCode> {
  const { queues, segments, semaphores } = readLimits();
  const limits = [...queues, ...segments, ...semaphores];
  const output = new Output();
  if (options.json) {
    const lists = new JsonLists(output);
    await lists.list(
      'limits',
      limits.map((limit) => jsonText(limitToJson(limit))),
    );
    await lists.end();
    return EXIT.done;
  }
  const screen = screenOf();
  const givenUp = await writeTable(limits, COLUMNS, { header: true, screen, output });
  await output.flush();
  noteGivenUp(givenUp, screen);
  return EXIT.done;
}
