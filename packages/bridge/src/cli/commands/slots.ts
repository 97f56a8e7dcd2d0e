import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { writeJsonList } from '@timeq/cli-kit/output/json-lists';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { requireConsent } from '@timeq/cli-kit/prompts/consent';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { formatKey, wallClock, type Key } from '@timeq/mq-native';
import { connect, connectionSettings } from '@timeq/nats';
import { formatMessages } from '../../format-messages.js';
import { alreadyStored } from '../../returning/already-stored.js';
import type { LookedUp } from '../../outward/look-up.js';
import { heldMessage } from '../../returning/held-message.js';
import { SlotStore } from '../../slots/slot-store.js';
import {
  QueueFullError,
  returnLeft,
  settleLeft,
  type LeftSlots,
  type Return,
  type ReturnedMessage,
} from '../../returning/to-queue.js';
import type { BridgeOptions } from '../bridge-options.js';
import { explain } from '../explain.js';
import { heldColumns, heldJson } from '../held-columns.js';
import { noSlots, snapshotsOf } from '../snapshots.js';
import { onlyWord, openQueue, readQueueKey } from '../target.js';

interface SlotsOptions extends BridgeOptions {
  readonly toQueue?: true;
  readonly withoutStream?: true;
  readonly yes?: true;
}

/** Shows the messages that are in slots, or puts them back into the queue. */
export async function run(words: readonly string[], options: SlotsOptions): Promise<number> {
  const word = onlyWord(words);
  if (options.toQueue === true) return await toQueue(word, options);
  const excess = options.yes === true ? '--yes' : options.withoutStream === true ? '--without-stream' : '';
  if (excess !== '') throw new UsageError(`${excess} is for --to-queue`);
  const key = readQueueKey(word);
  const snapshots = snapshotsOf(key);
  const held = snapshots.flatMap(({ direction, holding, header }) =>
    holding.map((slot) => heldMessage(slot, direction, header)),
  );
  const output = new Output();
  if (options.json === true) await writeJsonList(output, 'slots', held.map(heldJson));
  else if (held.length === 0) await output.write('no slot holds a message\n');
  else await writeTable(held, heldColumns(wallClock()), output);
  await output.flush();
  const name = formatKey(key);
  if (held.length > 0 && snapshots.every(({ user }) => user.state !== 'alive') && options.json !== true) {
    note(
      `no bridge runs: start it again, or put them back with \`timeq-bridge slots ${name} --to-queue\``,
      'dim',
    );
  }
  return EXIT.done;
}

async function toQueue(word: string, options: SlotsOptions): Promise<number> {
  const queue = openQueue(word);
  const key = readQueueKey(word);
  using out = SlotStore.openLeft(key, 'out');
  using into = SlotStore.openLeft(key, 'in');
  if (out === undefined && into === undefined) throw noSlots(key);
  const all: LeftSlots[] = [
    ...(out === undefined ? [] : [{ direction: 'out', store: out, queue } as const]),
    ...(into === undefined ? [] : [{ direction: 'in', store: into, queue } as const]),
  ];
  let count = 0;
  for (const left of all) count += await settleLeft(left);
  if (count > 0) {
    const question = `Put ${formatMessages(count)} back into queue ${queue.id}?`;
    await requireConsent(question, options.yes === true, EXIT.failed, EXIT.usage);
  }
  const returns: Return[] = [];
  for (const left of all) {
    returns.push(returnLeft(left, count === 0 ? undefined : await storedOf(left, options)));
  }
  await report(returns, options.json === true);
  return finish(returns, key);
}

/** The messages from the queue that are already in the stream. */
async function storedOf(
  { direction, store }: LeftSlots,
  options: SlotsOptions,
): Promise<LookedUp | undefined> {
  if (direction === 'in' || options.withoutStream === true || store.held.length === 0) return undefined;
  const { stream } = store.header;
  try {
    const settings = connectionSettings(options);
    const connection = await connect(settings, { name: 'timeq-bridge slots' });
    try {
      return await alreadyStored(connection, settings, store);
    } finally {
      await connection.close();
    }
  } catch (error) {
    const known = explain(error);
    if (known === undefined) throw error;
    throw new ExitError(
      known.exitCode,
      `whether stream ${stream} has messages of these slots already can't be seen (${known.message}); nothing was done. ` +
        'With --without-stream they go back all the same, and may then be in both',
      { cause: error },
    );
  }
}

function resultOf({ now, mayBeStored }: ReturnedMessage): string {
  if (now === 'queue') return mayBeStored ? 'in the queue; the stream may have it too' : 'in the queue';
  return now === 'stream' ? 'in the stream already' : 'still in its slot';
}

async function report(returns: readonly Return[], json: boolean): Promise<void> {
  const messages = returns.flatMap((each) => each.messages);
  const output = new Output();
  if (json) {
    const rows = messages.map((message) => ({
      ...heldJson(message),
      now: message.now,
      mayBeStored: message.now === 'queue' && message.mayBeStored,
    }));
    await writeJsonList(output, 'slots', rows);
  } else if (messages.length === 0) await output.write('no slot holds a message\n');
  else {
    const result = { label: 'NOW', priority: 10, shrinksTo: 12, text: resultOf };
    await writeTable(messages, [...heldColumns(wallClock()), result], output);
  }
  await output.flush();
}

function finish(returns: readonly Return[], key: Key): number {
  const failure = returns.find((each) => each.failure !== undefined)?.failure;
  if (failure === undefined) return EXIT.done;
  const left = returns.flatMap((each) => each.messages).filter(({ now }) => now === 'slot').length;
  const { message, exitCode } = explain(failure) ?? { message: failure.message, exitCode: EXIT.failed };
  const next =
    failure instanceof QueueFullError
      ? 'run it again once there is room'
      : `see \`timeq-bridge slots ${formatKey(key)}\``;
  throw new ExitError(exitCode, `not every message went back (${left} in slots): ${message}; ${next}`);
}
