import assert from 'node:assert/strict';
import test from 'node:test';
import type { QueueEntry } from '@timeq/mq-native';
import { Facts } from '@timeq/ipctools';
import { parseConditions } from '#ipctools/render/columns/filter';
import { QUEUE_COLUMNS } from '#ipctools/render/columns/queues';

const queue = (messages: number, maxBytes: number | undefined): QueueEntry => ({
  ...{ key: 128, id: messages, mode: 0o600, uid: 0, gid: 0, creatorUid: 0, creatorGid: 0, messages },
  ...{
    bytes: messages,
    maxBytes,
    lastSendPid: 0,
    lastReceivePid: 0,
    sendTime: 0,
    receiveTime: 0,
    changeTime: 1,
  },
});

function satisfying(...conditions: string[]): (number | undefined)[] {
  const entries = [1, 2, 3].map((messages) => queue(messages, 100));
  return entries
    .filter(parseConditions(conditions, QUEUE_COLUMNS, new Facts()))
    .map(({ messages }) => messages);
}

test('each operator of a condition means what it does in mathematics', () => {
  assert.deepEqual(satisfying('messages<2'), [1]);
  assert.deepEqual(satisfying('messages<=2'), [1, 2]);
  assert.deepEqual(satisfying('messages=2'), [2]);
  assert.deepEqual(satisfying('messages==2'), [2]);
  assert.deepEqual(satisfying('messages!=2'), [1, 3]);
  assert.deepEqual(satisfying('messages>=2'), [2, 3]);
  assert.deepEqual(satisfying('messages>2'), [3]);
  assert.deepEqual(satisfying('messages>=2', 'messages<=2'), [2]);
});

test('what is not known satisfies no condition, whichever way it is put', () => {
  const entry = queue(1, undefined);
  const satisfied = ['<', '<=', '=', '==', '!=', '>=', '>', '~', '!~'].filter((operator) =>
    parseConditions([`full${operator}0`], QUEUE_COLUMNS, new Facts())(entry),
  );
  assert.deepEqual(satisfied, []);
});
