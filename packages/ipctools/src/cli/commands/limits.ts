import { fullnessStyle } from '../../render/columns/queues.js';
import { percent } from '../../render/columns/kinds.js';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { writeJsonList } from '@timeq/cli-kit/output/json-lists';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { note } from '@timeq/cli-kit/output/notes';
import { Facts } from '../../model/facts.js';
import { readPosixLimits } from '../../posix/limits.js';
import { absences } from '../../model/posix/places.js';
import { isUnlimited, limitToJson, readLimits, usedPercent, type Limit } from '../../model/limits.js';
import { Output } from '@timeq/cli-kit/output/output';

const COLUMNS: readonly TextColumn<Limit>[] = [
  { label: 'LIMIT', priority: 9, text: ({ name }) => name },
  {
    label: 'VALUE',
    align: 'right',
    priority: 8,
    text: (limit) => (isUnlimited(limit) ? 'no limit' : String(limit.value)),
  },
  {
    label: 'IN-USE',
    align: 'right',
    priority: 7,
    text: ({ inUse }) => String(inUse ?? '-'),
  },
  {
    label: 'FULL',
    align: 'right',
    priority: 3,
    text: (limit) => {
      const used = usedPercent(limit);
      return used === undefined ? '-' : percent.text(used);
    },
    style: (limit) => fullnessStyle(usedPercent(limit) ?? 0),
  },
  { label: 'MEANING', priority: 2, text: ({ meaning }) => meaning },
  { label: 'SYSCTL', priority: 1, text: ({ sysctl }) => sysctl ?? '-' },
  { label: 'TO-RAISE', priority: 6, text: ({ raise }) => raise ?? '-' },
];

export async function run(_words: readonly string[], options: { readonly json?: true }): Promise<number> {
  const { queues, segments, semaphores } = readLimits();
  const { posix } = new Facts();
  const limits = [...queues, ...segments, ...semaphores, ...readPosixLimits(posix)];
  for (const sentence of absences(posix.places)) note(`ipctools: ${sentence}`);
  const output = new Output();
  if (options.json) {
    await writeJsonList(output, 'limits', limits.map(limitToJson));
    return EXIT.done;
  }
  await writeTable(limits, COLUMNS, output);
  await output.flush();
  return EXIT.done;
}
