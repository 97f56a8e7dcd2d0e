import assert from 'node:assert/strict';
import test from 'node:test';
import { flowsBetween, formatFlow } from '#ipctools/watch/rates';
import type { QueueEntry } from '@timeq/mq-native';

const before: QueueEntry = {
  key: 0x80,
  id: 5,
  mode: 0o600,
  bytes: 0,
  messages: 10,
  maxBytes: 16_384,
  uid: 0,
  gid: 0,
  creatorUid: 0,
  creatorGid: 0,
  lastSendPid: 100,
  lastReceivePid: 200,
  sendTime: 990,
  receiveTime: 990,
  changeTime: 900,
};
const sampledAt = 1000.5;

interface Case {
  readonly title: string;
  readonly after: Partial<QueueEntry>;
  readonly in: string;
  readonly out: string;
}

/** Two seconds lie between the two samples. */
const cases: readonly Case[] = [
  { title: 'nothing moved: both are exactly 0', after: {}, in: '0', out: '0' },
  {
    title: 'only sends: exact',
    after: { messages: 18, sendTime: 1001 },
    in: '4',
    out: '0',
  },
  {
    title: 'only receives: exact',
    after: { messages: 4, receiveTime: 1001 },
    in: '0',
    out: '3',
  },
  {
    title: 'both moved and the depth is the same: at least one each',
    after: { sendTime: 1002, receiveTime: 1002 },
    in: '0.5+',
    out: '0.5+',
  },
  {
    title: 'both moved and the depth grew: what is there now, and what must have gone out',
    after: { messages: 20, sendTime: 1002, receiveTime: 1001 },
    in: '5.5+',
    out: '0.5+',
  },
  {
    title: 'both moved and the depth shrank',
    after: { messages: 0, sendTime: 1002, receiveTime: 1001 },
    in: '0.5+',
    out: '5.5+',
  },
  {
    title: 'another process in the same second has moved something as well',
    after: { messages: 10, lastSendPid: 101, receiveTime: 1001 },
    in: '0.5+',
    out: '0.5+',
  },
];

for (const { title, after, in: sent, out } of cases) {
  test(title, () => {
    const flows = flowsBetween(before, { ...before, ...after }, sampledAt, 2);
    assert.deepEqual([formatFlow(flows.in), formatFlow(flows.out)], [sent, out]);
  });
}

test('a time within the second of the sample before may be older or younger: a lower bound', () => {
  const recent = { ...before, sendTime: 1000, receiveTime: 1000 };
  const flows = flowsBetween(recent, { ...recent, messages: 12 }, sampledAt, 1);
  assert.deepEqual([formatFlow(flows.in), formatFlow(flows.out)], ['2+', '0+']);
});

test('in less out is always by how much the depth has changed', () => {
  for (let change = -10; change <= 10; change += 1) {
    for (const times of [
      {},
      { sendTime: 1001 },
      { receiveTime: 1001 },
      { sendTime: 1001, receiveTime: 1001 },
    ]) {
      const after = { ...before, ...times, messages: before.messages + change };
      const flows = flowsBetween(before, after, sampledAt, 1);
      assert.equal(flows.in.perSecond - flows.out.perSecond, change);
      assert.ok(flows.in.perSecond >= 0 && flows.out.perSecond >= 0);
    }
  }
});
