import { hostname } from 'node:os';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { formatKey, type Key } from '@timeq/mq-native';
import { connectionSettings } from '@timeq/nats';
import { InwardBridge } from '../../inward/inward-bridge.js';
import { SlotStore } from '../../slots/slot-store.js';
import { readDead, readStream, readType, type BridgeOptions } from '../bridge-options.js';
import { onlyWord, openQueue } from '../target.js';
import { runUntilStopped } from '../until-stopped.js';

/** A message is sent before the next one is begun. */
const SLOTS = 1;

/** Moves messages into a queue until it is stopped. */
export async function run(words: readonly string[], options: BridgeOptions): Promise<number> {
  const stream = readStream(options);
  const type = readType(options);
  const dead = readDead(options);
  const filter = readFilter(options);
  const word = onlyWord(words);
  const settings = connectionSettings(options);
  const queue = openQueue(word);
  const key = queue.key as Key;
  using store = SlotStore.open(queue, { direction: 'in', slots: SLOTS, stream, subject: filter ?? '>' });
  return await runUntilStopped({
    direction: 'in',
    key,
    store,
    settings,
    json: options.json === true,
    start: (connection, log) =>
      InwardBridge.start({
        queue,
        store,
        connection,
        jetstream: settings,
        stream,
        filter,
        host: hostname(),
        type: type === undefined ? undefined : BigInt(type),
        inDoubt: options.inDoubt ?? 'again',
        dead,
        log,
      }),
    started: () => ({
      message: `messages go from stream ${stream} (${filter ?? 'all subjects'}) to queue ${queue.id} (key ${formatKey(key)}), from sequence ${store.header.position + 1} on`,
      details: { queue: queue.id, key, stream, position: store.header.position },
    }),
  });
}

function readFilter({ subject }: BridgeOptions): string | undefined {
  const tokens = subject?.split('.') ?? [];
  const wrong = tokens.some(
    (token, index) =>
      token === '' ||
      /[^!-~]/.test(token) ||
      (token.length > 1 && /[*>]/.test(token)) ||
      (token === '>' && index < tokens.length - 1),
  );
  if (wrong)
    throw new UsageError(
      `'${subject}' is not a subject; write tokens between dots, * for one and > for the rest`,
    );
  return subject;
}
