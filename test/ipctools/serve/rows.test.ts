import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Facts, type WatchedQueue } from '@timeq/ipctools';
import type { Judgement } from '#ipctools/evidence/judgement';
import { Rows } from '#ipctools/cli/serve/rows';
import { watched } from '../watch/queues.js';

const NONE: ReadonlyMap<number, Judgement> = new Map();

function withEntry(queue: WatchedQueue, fields: Partial<WatchedQueue['entry']>): WatchedQueue {
  return { ...queue, entry: { ...queue.entry, ...fields } };
}

test('a queue has the same row again until something that it shows changes', () => {
  const quiet = watched(5, 3);
  const judgement: Judgement = {
    ...{ verdict: 'idle', proven: false, rule: 12, reasons: ['it was\nused'], next: undefined },
    evidence: {} as Judgement['evidence'],
  };
  const judged = new Map([[5, judgement]]);
  const blocked = new Map([[5, [{ pid: 7, tid: 7, call: 'msgsnd', queueId: 5 }]]] as const);
  const facts = new Facts({ blocked: { byQueue: blocked, complete: true, partial: false, unseen: [] } });
  const changed: readonly [WatchedQueue, ReadonlyMap<number, Judgement>, object][] = [
    [withEntry(quiet, { messages: 4 }), NONE, { messages: 4 }],
    [withEntry(quiet, { bytes: 1000 }), NONE, { bytes: 1000, full: 100 }],
    [withEntry(quiet, { maxBytes: 30 }), NONE, { maxBytes: 30, full: 100 }],
    [withEntry(quiet, { sendTime: 9, lastSendPid: 1 }), NONE, { usedAt: 9 }],
    [withEntry(quiet, { receiveTime: 9, lastReceivePid: 1 }), NONE, { usedAt: 9 }],
    [withEntry(quiet, { changeTime: 9 }), NONE, { usedAt: 9 }],
    [withEntry(quiet, { mode: 0o640 }), NONE, { mode: '0640' }],
    [withEntry(quiet, { uid: 4_000_000 }), NONE, { owner: '4000000' }],
    [withEntry(quiet, { key: 0 }), NONE, { key: '' }],
    [{ ...quiet, flows: watched(5, 3, [2, 0]).flows }, NONE, { in: [2, 0] }],
    [{ ...quiet, flows: watched(5, 3, [0, 2]).flows }, NONE, { out: [2, 0] }],
    [{ ...quiet, facts }, NONE, { senders: 1, receivers: 0 }],
    [quiet, judged, { verdict: 'idle', reasons: 'it was\\nused' }],
  ];
  for (const [queue, judgements, fields] of changed) {
    const rows = new Rows();
    const [first] = rows.of([quiet], NONE);
    const [second] = rows.of([{ ...quiet, entry: { ...quiet.entry } }], NONE);
    assert.equal(second, first);
    const [third] = rows.of([queue], judgements);
    assert.deepEqual(third, { ...first, ...fields });
    assert.deepEqual(rows.of([quiet], NONE), [first], 'and back');
  }
});
