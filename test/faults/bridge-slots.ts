import assert from 'node:assert/strict';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { snapshotOf } from '#bridge/slots/snapshot';
import {
  bodyOf,
  outcomeOf,
  runningBridge,
  scene,
  skipWithoutBridge,
  stopBridge,
  storedMessages,
  type Scene,
} from '../bridge/support.js';
import { until } from '../helpers/deadline.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import type { Fault } from './fault.js';

/** Messages that each killed bridge leaves in slots. */
const HELD = 60;

function putBack({ t, key, server }: Scene): RunningProcess {
  const command = [bin('timeq-bridge'), 'slots', formatKey(key), '--to-queue', '--yes'];
  return startNode(t, [...command, '-s', server.url]);
}

async function untilAllArrived({ key, queue }: Scene): Promise<void> {
  await until(
    () => queue.stat().messages === 0 && snapshotOf(key, 'out')?.holding.length === 0,
    'the queue and the slots to be empty',
  );
}

/** Kills a command once so many messages are in the queue. @returns how many are there then */
async function killAt({ queue }: Scene, command: RunningProcess, messages: number): Promise<number> {
  const ended = new AbortController();
  const end = command.exit().finally(() => {
    ended.abort();
  });
  while (!ended.signal.aborted && queue.stat().messages < messages) await new Promise(setImmediate);
  command.kill('SIGKILL');
  await end;
  return queue.stat().messages;
}

export const bridgeSlots: Fault = {
  name: 'bridge-slots',
  title: '`timeq-bridge slots --to-queue` that is killed loses, doubles and changes no message',
  skip: skipWithoutBridge,
  async run(t, { random, long }) {
    const here = await scene(t);
    const largest = MessageQueue.limits().maxMessageBytes;
    const rounds = long ? 100 : 2;
    let count = 0;
    let kills = 0;
    let between = 0;
    for (let round = 1; round <= rounds; round++) {
      const bridge = await runningBridge(here, 'out');
      await untilAllArrived(here);
      await here.server.freeze();
      for (let more = 0; more < HELD; more++) {
        count += 1;
        await here.queue.send(count, bodyOf(count, largest));
      }
      await until(() => here.queue.stat().messages === 0, 'all to be in slots');
      await bridge.end();
      // What the bridge has written is lost with the server.
      await here.server.end();
      await here.server.start();
      for (let kill = 0; kill < 3; kill++) {
        const before = here.queue.stat().messages;
        const after = await killAt(here, putBack(here), before + random.below(Math.max(1, HELD - before)));
        kills += 1;
        if (after > before && after < HELD) between += 1;
      }
      await putBack(here).exit();
    }
    const last = await runningBridge(here, 'out');
    await untilAllArrived(here);
    await stopBridge(last);
    const { lost, doubled, wrong } = outcomeOf(count, await storedMessages(here));
    assert.deepEqual({ lost, doubled, wrong }, { lost: 0, doubled: 0, wrong: 0 });
    return `${count} messages, ${rounds} kills of the bridge, ${kills} of the command, ${between} of them between two messages; 0 lost, 0 doubled, 0 wrong`;
  },
};
