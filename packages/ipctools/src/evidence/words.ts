import type { BlockedThread } from '../processes/blocked.js';
import { formatCount } from '../format/count.js';
import type { Evidence, NamedProcess } from './evidence.js';

/** What became of a process, as the end of a sentence. */
function fate({ state, pid, name, reused }: NamedProcess): string {
  if (state === 'never') return 'never existed';
  if (state === 'elsewhere') return 'belongs to another pid namespace';
  if (state === 'hidden') return `${pid} can't be seen by this user`;
  if (state === 'alive') return `${pid} ${name ?? ''} lives`;
  return reused === true ? `${pid} is dead (another process has its number now)` : `${pid} is dead`;
}

/** `its last sender 4711 is dead`. */
export function describeNamed(process: NamedProcess): string {
  return `its ${process.role} ${fate(process)}`;
}

/** `process 12 waits for a message`. */
export function describeBlocked({ pid, call }: BlockedThread): string {
  return `process ${pid} waits ${call === 'msgrcv' ? 'for a message' : 'for room to send'}`;
}

/** `nobody is blocked in it`, in the words of its kind. */
export function describeNobody({ object: { kind } }: Evidence): string {
  if (kind === 'queue') return 'nobody is blocked in it';
  return kind === 'segment' ? 'nobody has it attached' : 'nobody waits for it';
}

/** Which processes are in the way of knowing who is blocked. */
export function describeUnseen(unseen: readonly number[]): string {
  const [first, ...others] = unseen;
  if (first === undefined) return 'not every process shows here';
  const more = others.length > 0 ? ` and ${formatCount(others.length, 'other')}` : '';
  return `process ${first}${more} can't be looked at by this user`;
}
