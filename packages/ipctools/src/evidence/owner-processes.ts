import { readdirSync, readFileSync } from 'node:fs';
import { showsEveryProcess } from '../processes/visibility.js';

/** How many processes each user has, by uid; undefined where /proc hides those of others (hidepid). */
export function countProcessesByOwner(proc = '/proc'): ReadonlyMap<number, number> | undefined {
  if (!showsEveryProcess(proc)) return undefined;
  const counts = new Map<number, number>();
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const uid = Number(/^Uid:\t(\d+)/m.exec(readFileSync(`${proc}/${name}/status`, 'latin1'))?.[1]);
      counts.set(uid, (counts.get(uid) ?? 0) + 1);
    } catch {
      // It has ended meanwhile.
    }
  }
  return counts;
}
