import { GoneError, MessageQueue } from '@timeq/mq-native';
import { asFailure, Failure } from '../failure.js';
import { nameQueue } from '../model/find-queue.js';
import { neededBytes, type RestorePlan } from './plan-restore.js';

/** Only its owner may use a queue before all messages are in it. */
const CLOSED_MODE = 0o600;

function openFor({ key, existing }: RestorePlan): MessageQueue {
  if (existing !== undefined) return MessageQueue.fromId(existing.id);
  return key === 0
    ? MessageQueue.createPrivate({ mode: CLOSED_MODE })
    : MessageQueue.create(key, { mode: CLOSED_MODE });
}

/** The new queue must hold the messages, even if the old one's limit was lowered below its content. */
function makeRoom(queue: MessageQueue, { copy, setsProperties }: RestorePlan): void {
  const { maxBytes } = queue.stat();
  const wanted = Math.max(neededBytes(copy), copy.entry.maxBytes ?? 0);
  if (setsProperties && wanted > maxBytes) queue.set({ maxBytes: wanted });
}

function setProperties(queue: MessageQueue, { copy }: RestorePlan): void {
  const { mode, uid, gid, maxBytes } = copy.entry;
  const { maxBytes: present } = queue.stat();
  const limit = maxBytes !== undefined && maxBytes !== present ? { maxBytes } : {};
  // The kernel lets an owner give a queue away (ipc_update_perm in ipc/util.c asks for no capability).
  queue.set({ mode, uid, gid, ...limit });
}

function fill(queue: MessageQueue, plan: RestorePlan, onMessage: () => void): void {
  makeRoom(queue, plan);
  for (const { type, body } of plan.copy.messages) {
    if (!queue.trySend(type, body)) {
      throw new Failure(`${nameQueue(queue)} is full: another process sent to it during the restore`);
    }
    onMessage();
  }
  if (plan.setsProperties) setProperties(queue, plan);
}

function removeIfThere(queue: MessageQueue): void {
  try {
    queue.remove();
  } catch (error) {
    if (!(error instanceof GoneError)) throw error;
  }
}

/**
 * Carries out plans. If one fails, the queues that were created for it and for earlier plans are removed again.
 * @param onMessage called for each message that was sent
 * @returns the ids of the queues, in the order of the plans
 * @throws Failure, IpcError
 */
export function restoreQueues(
  plans: readonly RestorePlan[],
  onMessage: () => void = () => undefined,
): number[] {
  const queues: { queue: MessageQueue; isNew: boolean }[] = [];
  try {
    for (const plan of plans) {
      const queue = openFor(plan);
      queues.push({ queue, isNew: plan.existing === undefined });
      fill(queue, plan, onMessage);
    }
  } catch (error) {
    for (const { queue, isNew } of queues) if (isNew) removeIfThere(queue);
    const filled = queues.find(({ isNew }) => !isNew)?.queue;
    const failure = asFailure(error);
    if (filled === undefined || failure === undefined) throw error;
    throw new Failure(`${failure.message}; some messages are in ${nameQueue(filled)} now`, failure.code);
  }
  return queues.map(({ queue }) => queue.id);
}
