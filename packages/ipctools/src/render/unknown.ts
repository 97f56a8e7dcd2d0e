import type { Judgement } from '../evidence/judgement.js';
import { formatCount } from '../format/count.js';
import { nameObject } from '../model/ipc-object.js';

/** A line for each next step on unknown objects: how many stay, why, and how to decide. */
export function unknownLines(unknown: readonly Judgement[]): string[] {
  const groups = new Map<string, Judgement[]>();
  for (const judgement of unknown) {
    const name = `${judgement.rule} ${judgement.next ?? ''}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [judgement]);
    else group.push(judgement);
  }
  return [...groups.values()].map((group) => {
    const [{ evidence, reasons, next = '' }] = group as [Judgement];
    const many = group.length > 1;
    const which = many ? formatCount(group.length, 'object') : nameObject(evidence.object);
    const example = many ? `, such as ${nameObject(evidence.object)}` : '';
    const stay = many ? 'stay' : 'stays';
    return `ipctools: ${which}${example}: unknown, so ${many ? 'they' : 'it'} ${stay}: ${reasons.join('; ')}. To decide: ${next}`;
  });
}
