import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { EvidenceGatherer, Facts, judge, type Judgement } from '@timeq/ipctools';
import { findBlockedThreads } from '#ipctools/processes/blocked';
import { judgeAgain } from '#ipctools/cleaning/clean';
import { MessageQueue, Processes } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { skipWithout, startPeer } from '../../helpers/foreign.js';
import { queueAt } from '../../helpers/kernel-table.js';
import { freshKey } from '../../helpers/keys.js';
import { untilBlocked } from '../../helpers/threads.js';

const skip = skipWithout('python');

const criteria = { olderThanSeconds: 0, assumeUnseenIdle: true };

function judgeQueue(queue: MessageQueue): Judgement {
  return judge(new EvidenceGatherer(new Facts()).gather({ kind: 'queue', entry: queue.stat() }), criteria);
}

/** Its main thread ends; the other one receives and lives on. 60 and 93 are exit(2), which ends only the thread. */
const headless = `
import ctypes, platform, sys, sysv_ipc, threading
def receive():
    queue = sysv_ipc.MessageQueue(int(sys.argv[1]))
    queue.receive(type=7)
    print('received', flush=True)
    threading.Event().wait()
threading.Thread(target=receive).start()
ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)
`;

test(
  'a process whose main thread has ended lives: its blocked thread is seen, and it is alive',
  { skip },
  async (t) => {
    const queue = MessageQueue.create(freshKey(t));
    const peer = startPeer(t, 'python', headless, [queue.key ?? 0]);
    await untilBlocked('msgrcv', peer.pid);
    await until(
      () => /^State:\tZ/m.test(readFileSync(`/proc/${peer.pid}/status`, 'latin1')),
      'its main thread’s end',
    );
    assert.deepEqual(
      findBlockedThreads()
        .byQueue.get(queue.id)
        ?.map(({ pid }) => pid),
      [peer.pid],
    );
    assert.deepEqual([judgeQueue(queue).verdict, judgeQueue(queue).rule], ['live', 2]);
    queue.trySend(7, 'x');
    await peer.waitFor('received');
    // A number of its thread and one of its own.
    const { lastReceivePid, receiveTime } = queue.stat();
    assert.equal(new Processes().find(lastReceivePid, receiveTime).state, 'alive');
    assert.equal(new Processes().find(peer.pid, receiveTime).state, 'alive');
  },
);

/** A thread of it receives one message and ends; the process lives on. */
const mayfly = `
import sys, sysv_ipc, threading
thread = threading.Thread(target=lambda: sysv_ipc.MessageQueue(int(sys.argv[1])).receive(type=7))
thread.start()
thread.join()
print('joined', flush=True)
sys.stdin.read()
`;

test(
  'a receiver of which nothing has the number may have been a thread of a process that lives',
  { skip },
  async (t) => {
    const queue = MessageQueue.create(freshKey(t));
    const peer = startPeer(t, 'python', mayfly, [queue.key ?? 0]);
    await untilBlocked('msgrcv', peer.pid);
    const sender = startPeer(
      t,
      'python',
      'import sys, sysv_ipc; sysv_ipc.MessageQueue(int(sys.argv[1])).send(b"x", type=7)',
      [queue.key ?? 0],
    );
    assert.equal((await sender.exit()).code, 0);
    await peer.waitFor('joined');
    assert.notEqual(queueAt(queue.key ?? 0)?.['lrpid'], peer.pid, 'the kernel names the thread');
    const entry = queue.stat();
    await until(() => new Processes().live(entry.lastReceivePid) === undefined, 'the thread’s end');
    assert.equal(new Processes().lastReceiver(entry).state, 'ended');
    const facts = new Facts();
    const judgement = judge(new EvidenceGatherer(facts).gather({ kind: 'queue', entry }), {
      olderThanSeconds: 0,
    });
    assert.equal(judgement.verdict, 'unknown');
    assert.match(judgement.next ?? '', /^pass --assume-unseen-idle/);
  },
);

test(
  'a reader that blocks after the first object was looked at again keeps its queue',
  { skip },
  async (t) => {
    const [first, second] = [MessageQueue.create(freshKey(t)), MessageQueue.create(freshKey(t))];
    const look = judgeAgain(criteria);
    assert.equal(look({ kind: 'queue', entry: first.stat() }), undefined);
    const object = { kind: 'queue', entry: second.stat() } as const;
    const peer = startPeer(t, 'python', headless, [second.key ?? 0]);
    await untilBlocked('msgrcv', peer.pid);
    const reason = look(object);
    assert.equal(reason?.cause, 'not stale any more');
    assert.match(reason.why, new RegExp(`process ${peer.pid} waits for a message`));
  },
);
