import { readWait } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { readTypeSelection } from '@timeq/cli-kit/args/message-type';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { MessageQueue } from '@timeq/mq-native';
import { slotKey } from '@timeq/mq-native/message-slots';
import { copyQueue, type QueueCopy } from '../../backup/queue-copy.js';
import { Failure } from '../../failure.js';
import { formatCount } from '../../format/count.js';
import { findTarget, nameQueue, openTarget } from '../../model/find-queue.js';
import { findObject } from '../../model/ipc-object.js';
import { readSlots } from '../../model/slots.js';
import { bytesOf, chooseMessages } from '../../moving/chosen-messages.js';
import { moveMessages, type MoveResult } from '../../moving/move-messages.js';
import { MoveSlot } from '../../moving/move-slot.js';
import { Mover, type InDoubt, type Patience } from '../../moving/mover.js';
import { formatSize } from '../../render/bytes.js';
import { requireConsent } from '../consent.js';
import { Progress } from '../progress.js';
import { explain } from '../explain.js';
import { readQueueTarget } from '@timeq/cli-kit/args/queue-target';
import { typesJson, writeTypes } from '../type-table.js';
import { saveChosen } from '../write-copies.js';

interface MoveOptions {
  readonly type?: string;
  readonly count?: string;
  readonly wait: boolean;
  readonly timeout?: string;
  readonly inDoubt?: 'again' | 'skip';
  readonly yes?: true;
  readonly dryRun?: true;
  /** A file's name with --backup, false with --no-backup. */
  readonly backup?: string | boolean;
  readonly json?: true;
}

interface Plan {
  readonly from: MessageQueue;
  readonly to: MessageQueue;
  readonly type: number | bigint;
  readonly copy: QueueCopy;
  /** Whether an earlier move was killed with a message on its way. */
  readonly isLeft: boolean;
}

function makePlan(words: readonly string[], options: MoveOptions): Plan {
  const [from, to] = words.map(readQueueTarget).map(openTarget);
  if (from === undefined || to === undefined)
    throw new UsageError('move out of which queue, and into which?');
  if (from.id === to.id) throw new UsageError(`both are ${nameQueue(from)}; give two queues`);
  const type = readTypeSelection(options.type ?? '0');
  const count = options.count === undefined ? Infinity : readCount(options.count, 'number of messages');
  const copy = chooseMessages(copyQueue(from), type, count);
  const { maxBytes } = to.stat();
  const large = copy.messages.find(({ body }) => maxBytes !== undefined && body.length > maxBytes);
  if (large !== undefined)
    throw new Failure(
      `a message of ${large.body.length} bytes never fits into ${nameQueue(to)}, which may hold ${maxBytes}; nothing done`,
    );
  return { from, to, type, copy, isLeft: isLeftBehind(from) };
}

function isLeftBehind({ key }: MessageQueue): boolean {
  if (key === undefined || key === 0) return false;
  const segment = findObject({ kind: 'segment', by: 'key', value: slotKey(key, 'move') });
  return segment?.kind === 'segment' && (readSlots(segment.entry)?.held ?? 0) > 0;
}

/** Delivers what an earlier move out of the queue has left, where it was going. @returns how many messages that moved */
async function resume(
  place: MoveSlot,
  { from, to }: Plan,
  inDoubt: InDoubt,
  patience: Patience,
): Promise<MoveResult> {
  const { slot, destination } = place;
  const goal = findTarget({ by: 'id', id: destination });
  // If that queue is gone, the message goes where this move goes.
  if (!slot.isFree && destination !== 0 && goal !== undefined && goal.id !== to.id)
    throw new Failure(
      `an earlier move was killed with a message in flight to ${nameQueue(goal)}: run \`ipctools move ${from.id} ${goal.id}\` first`,
    );
  const mover = new Mover(place, from, to);
  const wasFree = slot.isFree;
  await mover.settle(inDoubt);
  if (wasFree || slot.isFree) return { moved: 0, end: 'complete', stays: false };
  const end = await mover.deliver(patience);
  if (end === 'sent') return { moved: 1, end: 'complete', stays: false };
  return { moved: 0, end, stays: true };
}

async function carryOut(
  plan: Plan,
  { inDoubt, wait, timeout }: MoveOptions,
  interruption: Interruption,
): Promise<MoveResult> {
  const { from, to, type, copy } = plan;
  const largest = Math.max(0, ...copy.messages.map(({ body }) => body.length));
  const time = timeout === undefined ? Infinity : readWait(timeout);
  const patience = { until: performance.now() + (wait ? time : 0), signal: interruption.signal };
  let moved = 0;
  try {
    using left = MoveSlot.open(from, largest);
    const first = await resume(left, plan, inDoubt, patience);
    moved = first.moved;
    if (first.end !== 'complete') return first;
  } finally {
    if (moved > 0) note('ipctools: the message that an earlier move had left is moved now');
  }
  using place = MoveSlot.open(from, largest);
  using progress = new Progress('moved', { total: copy.messages.length });
  try {
    const selection = { type, count: copy.messages.length };
    const onMoved = (): void => {
      moved += 1;
      progress.step();
    };
    const result = await moveMessages(new Mover(place, from, to), selection, patience, onMoved);
    return { ...result, moved };
  } catch (error) {
    if (moved > 0 && explain(error) !== undefined)
      note(`ipctools: ${formatCount(moved, 'message')} moved before this:`);
    throw error;
  }
}

function describeEnd({ end, stays }: MoveResult, { from, to }: Plan): void {
  if (end !== 'complete')
    note(
      end === 'full'
        ? `ipctools: ${nameQueue(to)} is full; the rest is in ${nameQueue(from)}`
        : `ipctools: interrupted; the rest is in ${nameQueue(from)}`,
    );
  if (stays)
    note(
      `ipctools: one message fits into neither queue and stays in its segment; \`ipctools move ${from.id} ${to.id}\` moves it`,
    );
}

export async function run(words: readonly string[], options: MoveOptions): Promise<number> {
  if (!options.wait && options.timeout !== undefined)
    throw new UsageError('--timeout has no meaning without a wait (--no-wait)');
  if (options.timeout !== undefined) readWait(options.timeout);
  const plan = makePlan(words, options);
  const { from, to, copy, isLeft } = plan;
  const output = new Output();
  const json = options.json === true;
  const dryRun = options.dryRun === true;
  const nothing = dryRun || (copy.messages.length === 0 && !isLeft);
  const what = `${formatCount(copy.messages.length, 'message')} (${formatSize(bytesOf(copy))})`;
  const left = isLeft ? ' and one that an earlier move has left' : '';
  if (!json) await writeTypes(copy, output);
  if (!nothing)
    await requireConsent(
      `Move ${what}${left} out of ${nameQueue(from)} into ${nameQueue(to)}?`,
      options.yes === true,
    );
  const saves = !nothing && copy.messages.length > 0;
  const backup = saves ? saveChosen(copy, options.backup, 'move') : undefined;
  using interruption = new Interruption();
  const result: MoveResult = nothing
    ? { moved: 0, end: 'complete', stays: false }
    : await carryOut(plan, options, interruption);
  if (json) {
    const end = { moved: result.moved, end: result.end, backup: backup ?? null };
    const move = { dryRun, from: named(from), to: named(to), ...typesJson(copy), ...end };
    await output.write(`${jsonText({ move }, 2)}\n`);
  } else {
    const moved = formatCount(result.moved, 'message');
    await output.write(dryRun ? `would move ${what}${left}; nothing done\n` : `moved ${moved}\n`);
    if (backup !== undefined)
      await output.write(`a copy of what was to be moved is in ${escapeText(backup)}\n`);
  }
  await output.flush();
  describeEnd(result, plan);
  if (result.end === 'full') return EXIT.timedOut;
  return result.end === 'interrupted' ? (interruption.exitCode ?? EXIT.failed) : EXIT.done;
}

function named({ id, key }: MessageQueue): { readonly id: number; readonly key: number | null } {
  return { id, key: key ?? null };
}
