import { Facts, type WatchedQueue } from '@timeq/ipctools';
import { columnsToShow } from '#ipctools/cli/watch/columns';
import type { Scene } from '#ipctools/cli/watch/view';

/** A queue as a sample has it. */
export function watched(id: number, messages = 0, rates: readonly [number, number] = [0, 0]): WatchedQueue {
  const [incoming, out] = rates.map((perSecond) => ({ perSecond, exact: true }));
  return {
    name: ` ${id}`,
    entry: {
      ...{ key: 0x80 + id, id, mode: 0o600, uid: 0, gid: 0, creatorUid: 0, creatorGid: 0, changeTime: 1 },
      ...{ messages, bytes: messages * 10, maxBytes: 1000 },
      ...{ lastSendPid: 0, lastReceivePid: 0, sendTime: 0, receiveTime: 0 },
    },
    facts: new Facts({ blocked: { byQueue: new Map(), complete: true, partial: false, unseen: [] } }),
    namespace: undefined,
    flows: { in: incoming ?? { perSecond: 0, exact: true }, out: out ?? { perSecond: 0, exact: true } },
    history: [0, messages],
  };
}

/** What keys act on: those queues, on a screen of five rows. */
export function sceneOf(queues: readonly WatchedQueue[], own: Partial<Scene> = {}): Scene {
  const columns = columnsToShow(undefined, false);
  return { queues, columns, facts: new Facts(), rows: 5, lines: 0, refusal: undefined, ...own };
}

/** Keys that type a text. */
export function letters(text: string): string[] {
  return Array.from(text);
}
