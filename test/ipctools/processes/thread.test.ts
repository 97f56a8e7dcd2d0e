import assert from 'node:assert/strict';
import test from 'node:test';
import { Facts } from '@timeq/ipctools';
import { findBlockedThreads } from '#ipctools/processes/blocked';
import { MessageQueue } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { skipWithout, startPeer } from '../../helpers/foreign.js';
import { queueAt } from '../../helpers/kernel-table.js';
import { freshKey } from '../../helpers/keys.js';

const skip = skipWithout('python');

/** A process whose second thread receives one message, and stays. */
const receivesInThread = `
import sys, sysv_ipc, threading
def receive():
    print(sysv_ipc.MessageQueue(int(sys.argv[1])).receive(type=7)[0].decode(), flush=True)
    threading.Event().wait()
threading.Thread(target=receive, daemon=True).start()
sys.stdin.read()
`;

test(
  'a thread that is blocked, and one that received last, are told as their process',
  { skip },
  async (t) => {
    const key = freshKey(t);
    const queue = MessageQueue.create(key);
    const peer = startPeer(t, 'python', receivesInThread, [key]);
    const thread = await until(
      () =>
        findBlockedThreads()
          .byQueue.get(queue.id)
          ?.find(({ call }) => call === 'msgrcv'),
      'a blocked thread',
    );
    assert.equal(thread.pid, peer.pid);
    assert.notEqual(thread.tid, peer.pid);
    assert.equal(thread.type, 7n);

    queue.trySend(7, 'handed over');
    assert.equal(await peer.nextLine(), 'handed over');
    assert.equal(queueAt(key)?.['lrpid'], thread.tid, 'the kernel names the thread');
    const { lastReceivePid, receiveTime } = queue.stat();
    assert.deepEqual(new Facts().processes.find(lastReceivePid, receiveTime), {
      pid: peer.pid,
      state: 'alive',
      name: 'python3',
    });
  },
);
