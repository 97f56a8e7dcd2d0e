import { showsEveryProcess, type ProcessSource } from '@timeq/mq-native';

/** How many processes each user has, by uid; undefined where /proc hides those of others (hidepid). */
export function countProcessesByOwner(source: ProcessSource): ReadonlyMap<number, number> | undefined {
  if (!showsEveryProcess(source)) return undefined;
  const counts = new Map<number, number>();
  for (const name of source.names('')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const uid = Number(/^Uid:\t(\d+)/m.exec(source.text(`${name}/status`))?.[1]);
      counts.set(uid, (counts.get(uid) ?? 0) + 1);
    } catch {
      // It has ended meanwhile.
    }
  }
  return counts;
}
