import { hang, pad } from '@timeq/cli-kit/text/width';
import type { Column } from './column.js';
import { POSIX_COLUMNS } from './posix.js';
import { QUEUE_COLUMNS } from './queues.js';
import { SEGMENT_COLUMNS } from './segments.js';
import { SEMAPHORE_COLUMNS } from './semaphores.js';

/** Help is for terminals of 80 columns. */
const WIDTH = 80;

function lines<Entry>(title: string, columns: readonly Column<Entry>[]): string[] {
  const widest = Math.max(...columns.map(({ name }) => name.length));
  return [
    `Columns of ${title} (* shown unless --columns says otherwise):`,
    ...columns.flatMap(({ name, help, priority }) =>
      hang(`${priority > 0 ? '*' : ' '} ${pad(name, widest, 'left')}  `, help, WIDTH),
    ),
    '',
  ];
}

/** What the columns are, for `ipctools list --help`. */
export function columnHelp(): string {
  const literals = new Map(QUEUE_COLUMNS.map(({ literal, name }) => [literal, name]));
  return [
    ...lines('queues', QUEUE_COLUMNS),
    ...lines('segments', SEGMENT_COLUMNS),
    ...lines('semaphores', SEMAPHORE_COLUMNS),
    ...lines('posix', POSIX_COLUMNS),
    "A condition is 'COLUMN OPERATOR VALUE'. Operators: = != < <= > >=, and for the",
    'text in a column ~ (contains) and !~ (does not). Values, for example:',
    ...[...literals].flatMap(([literal, name]) => hang(`  ${pad(name, 14, 'left')}  `, literal, WIDTH)),
    'A value that is not permitted or not known prints as ? and matches no condition.',
  ].join('\n');
}
