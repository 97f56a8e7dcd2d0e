import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessageType } from '@timeq/mq-native';
import { selects } from './selects.js';
import type { Mover, Patience } from './mover.js';

/** How a move ended, and how many messages it moved. */
export interface MoveResult {
  readonly moved: number;
  readonly end: 'complete' | 'full' | 'interrupted';
  /** Whether the message in hand could be sent to no queue: it stays in its slot for the next move. */
  readonly stays: boolean;
}

/** Signals are seen only between two turns of the event loop: how many messages may be moved within one. */
const MESSAGES_PER_TURN = 64;

/**
 * Moves the first `count` messages that a type selects, in their order.
 * @param onMoved called after each
 * @throws Failure; IpcError; GoneError. The message in hand is back in its queue then, or in its slot
 */
export async function moveMessages(
  mover: Mover,
  selection: { readonly type: MessageType; readonly count: number },
  patience: Patience,
  onMoved: () => void,
): Promise<MoveResult> {
  const { type, count } = selection;
  let moved = 0;
  let index = 0;
  let isSecondLook = false;
  while (moved < count) {
    if (moved % MESSAGES_PER_TURN === 0) await nextTurn();
    if (patience.signal.aborted) return { moved, end: 'interrupted', stays: false };
    const message = mover.look(index);
    if (message === undefined) {
      // While others receive, a message may have come in front of those that were passed over.
      if (index === 0 || isSecondLook) break;
      isSecondLook = true;
      index = 0;
      continue;
    }
    if (!selects(type, message.type)) {
      index += 1;
      continue;
    }
    // Nothing is taken before there is room for it, so that the order stays.
    const room = await mover.room(message.size, patience);
    if (room !== 'room') return { moved, end: room, stays: false };
    if (!mover.take(message)) continue;
    const end = await delivered(mover, patience);
    if (end !== 'sent') return { moved, end, stays: !mover.putBack() };
    moved += 1;
    onMoved();
  }
  return { moved, end: 'complete', stays: false };
}

async function delivered(mover: Mover, patience: Patience): ReturnType<Mover['deliver']> {
  try {
    return await mover.deliver(patience);
  } catch (error) {
    mover.putBack();
    throw error;
  }
}
