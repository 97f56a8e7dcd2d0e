import { kindNamed } from '../../model/kind-names.js';
import type { Column } from '../../render/columns/column.js';
import { POSIX, QUEUES, SEGMENTS, SEMAPHORES } from '../../render/columns/object-table.js';
import { WATCH_COLUMNS } from '../watch/columns.js';
import type { Candidate } from '@timeq/cli-kit/verbs/verb';

function columnsOf(kind: string | undefined): readonly Pick<Column<never>, 'name' | 'help'>[] {
  if (kind === 'posix') return POSIX.columns;
  const named = kindNamed(kind ?? 'queues');
  if (named === 'segments') return SEGMENTS.columns;
  return named === 'semaphores' ? SEMAPHORES.columns : QUEUES.columns;
}

/**
 * Names of columns after the start of a comma-separated list; a sign before the name (`+` adds a column, `-` sorts
 * downwards) is kept.
 */
export function columnWords(kind: string | undefined, current: string): Candidate[] {
  return wordsOf(columnsOf(kind), current);
}

/** The same of `watch`, which has columns of its own. */
export function watchColumnWords(current: string): Candidate[] {
  return wordsOf(WATCH_COLUMNS, current);
}

function wordsOf(columns: ReturnType<typeof columnsOf>, current: string): Candidate[] {
  const [, before = ''] = /^(.*,)?[^,]*$/.exec(current) ?? [];
  const sign = /^[-+]/.exec(current.slice(before.length))?.[0] ?? '';
  return columns.map(({ name, help }) => ({ word: before + sign + name, help }));
}
