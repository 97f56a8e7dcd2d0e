import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { MessageQueue } from '@timeq/mq-native';
import { SLOT_STATE } from '@timeq/mq-native/message-slots';
import { SlotStore } from '#bridge/slots/slot-store';
import { atEnd } from '../helpers/cleanup.js';
import { until } from '../helpers/deadline.js';
import {
  runningBridge,
  scene,
  skipWithoutBridge,
  startBridge,
  stopBridge,
  STREAM,
  type Scene,
} from './support.js';
import { runVerb, slotsOf, statusOf } from './verbs.js';

const skip = skipWithoutBridge();

/**
 * Leaves the slots as a bridge does that was killed while a child sent message 1; then another program has sent, or has
 * removed the queue.
 */
async function killedInDoubt(here: Scene, anew = false): Promise<void> {
  const made = headers();
  made.set('Sysv-Type', '1');
  for (const body of ['first', 'second'])
    await jetstream(here.connection).publish('test.in', body, { headers: made });
  if (!anew) await here.queue.send(9, 'of another program');
  const before = here.queue.stat().lastSendPid;
  {
    using store = SlotStore.open(here.queue, {
      direction: 'in',
      slots: 1,
      stream: STREAM,
      subject: 'test.in',
    });
    const [slot] = store.slots;
    assert.ok(slot);
    store.header.created = (await here.manager.streams.info(STREAM)).created;
    slot.sequence = 1;
    slot.type = 1n;
    slot.want = slot.room.write('first');
    slot.pid = spawnSync('true').pid;
    slot.before = before;
    slot.queue = here.queue.id;
    slot.state = SLOT_STATE.sending;
  }
  if (!anew) await here.queue.send(9, 'of another program');
  else here.queue.remove();
}

for (const [inDoubt, bodies] of [
  ['again', ['first', 'second']],
  ['skip', ['second']],
] as const) {
  test(
    `with --in-doubt ${inDoubt}, a message in doubt is named, and sent as that says`,
    { skip },
    async (t) => {
      const here = await scene(t);
      await killedInDoubt(here);
      const running = await runningBridge(here, 'in', ['--in-doubt', inDoubt]);
      const received: string[] = [];
      for (const body of bodies) {
        received.push((await here.queue.receive({ type: 1 })).body.toString());
        assert.equal(received.at(-1), body);
      }
      await until(async () => (await statusOf(here))[0]?.held === 0, 'an empty slot');
      const [status] = await statusOf(here);
      assert.equal(status?.position, 2);
      assert.deepEqual(
        [status?.counts['doubted'], status?.counts['doubtedAgain'], status?.counts['doubtedSkipped']],
        inDoubt === 'again' ? [1, 1, 0] : [1, 0, 1],
      );
      await stopBridge(running);
      assert.match(running.stderr, new RegExp(`message 1 of the stream .* \\(--in-doubt ${inDoubt}\\)`));
      assert.equal(here.queue.stat().messages, 2, 'those of the other program');
    },
  );
}

test(
  'a message that was being sent into a queue that was removed and made anew is in doubt',
  { skip },
  async (t) => {
    const here = await scene(t);
    await killedInDoubt(here, true);
    const anew = MessageQueue.create(here.key);
    atEnd(t, () => {
      anew.close();
    });
    const { code, stderr } = await startBridge(here, 'in', ['--in-doubt', 'stop']).exit();
    assert.equal(code, 1);
    assert.match(stderr, /can't be known, because the queue was removed and made anew meanwhile; start/);
    assert.equal(anew.stat().messages, 0);
  },
);

test(
  'with --in-doubt stop, a message in doubt ends the bridge and stays in its slot',
  { skip },
  async (t) => {
    const here = await scene(t);
    await killedInDoubt(here);
    const { code, stderr } = await startBridge(here, 'in', ['--in-doubt', 'stop']).exit();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /message 1 of the stream was sent can't be known.*--in-doubt again or --in-doubt skip/,
    );
    const [slot] = await slotsOf(here);
    assert.deepEqual([slot?.direction, slot?.state, slot?.sequence, slot?.bytes], ['in', 'sending', 1, 5]);
    const refused = await runVerb(here, 'slots', ['--to-queue', '--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /can't be known/);
    assert.equal(here.queue.stat().messages, 2);
  },
);
