import assert from 'node:assert/strict';
import test from 'node:test';
import { plain } from '@timeq/cli-kit/output/color';
import { Facts } from '@timeq/ipctools';
import { Owners } from '#ipctools/model/owners';
import { columnsToShow } from '#ipctools/cli/watch/columns';
import { drawFrame, pageLines } from '#ipctools/cli/watch/frame';
import { FIRST_VIEW } from '#ipctools/cli/watch/view';

test('the name of a user neither acts on the live screen nor moves its columns', () => {
  class Hostile extends Owners {
    override owningUser(id: number): { id: number; name: string } {
      return { id, name: 'ev\u001b[2J\u009b\u202eil' };
    }
  }
  const entry = {
    ...{ key: 128, id: 5, mode: 0o600, uid: 7, gid: 0, creatorUid: 7, creatorGid: 0, changeTime: 1 },
    ...{
      messages: 0,
      bytes: 0,
      maxBytes: 100,
      lastSendPid: 0,
      lastReceivePid: 0,
      sendTime: 0,
      receiveTime: 0,
    },
  };
  const facts = new Facts({ owners: new Hostile() });
  const queue = { name: ' 5', entry, facts, namespace: undefined, flows: undefined, history: [] };
  const sample = { time: 0, seconds: undefined, queues: [queue] };
  const columns = columnsToShow(undefined, false);
  const size = { columns: 200, rows: 8 };
  const picture = { sample, queues: [queue], columns, view: FIRST_VIEW, look: undefined, interval: 1000 };
  const lines = drawFrame(picture, pageLines(picture, size, plain), size, plain);
  assert.match(lines.join('\n'), /ev\\x1b\[2J\\x9b\\u202eil/);
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
});
