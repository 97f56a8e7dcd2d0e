import type { MessageQueue } from '@timeq/mq-native';
import {
  bootClock,
  type Slot,
  SLOT_STATE,
  type SlotCalls,
  type SlotSend,
  verdictOn,
} from '@timeq/mq-native/message-slots';
import type { SlotStore } from '../slots/slot-store.js';

/**
 * Sends the message in a slot back to its queue, if the queue has room. As for a bridge into a queue, this
 * process and a child take turns, so that after a kill the kernel tells whether it was sent. The slot is freed only then.
 * @throws IpcError EAGAIN for a body that even the empty queue has no room for, EACCES; GoneError
 */
export function putBack(store: SlotStore, slot: Slot, queue: MessageQueue, calls: SlotCalls): SlotSend {
  const { lastSendPid } = queue.stat();
  slot.pid = 0;
  slot.before = lastSendPid;
  slot.queue = queue.id;
  // Messages from a queue have no sequence yet.
  slot.sequence = Number(bootClock() / 1_000_000_000n);
  slot.state = SLOT_STATE.sending;
  let sent: SlotSend | undefined;
  try {
    sent = calls.send(slot.at, slot.want, slot.pidAt, lastSendPid);
  } finally {
    if (sent === 'sent') leave(store, slot);
    else if (sent !== 'killed') slot.state = SLOT_STATE.taken;
  }
  return sent;
}

/**
 * After a kill of `putBack`: frees the slots whose messages are in the queue, and makes the others those of taken messages.
 * @returns the slots of which it can't be known (`whyUnknown`)
 */
export async function settlePutBack(store: SlotStore, queue: MessageQueue): Promise<Slot[]> {
  const inDoubt: Slot[] = [];
  for (const slot of store.slots) {
    if (slot.state !== SLOT_STATE.sending) continue;
    const verdict = await verdictOn(slot, {
      queue,
      lastSender: store.header.lastSender,
      since: slot.sequence,
    });
    if (verdict === 'sent') leave(store, slot);
    else if (verdict === 'not sent') slot.state = SLOT_STATE.taken;
    else inDoubt.push(slot);
  }
  return inDoubt;
}

function leave({ header }: SlotStore, slot: Slot): void {
  header.lastSender = slot.pid;
  slot.free();
}
