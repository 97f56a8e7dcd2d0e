import { hostname } from 'node:os';
import { formatKey, type Key } from '@timeq/mq-native';
import { connectionSettings } from '@timeq/nats';
import { DEFAULT_TEMPLATE, SubjectTemplate } from '../../mapping/subject.js';
import { OutwardBridge } from '../../outward/outward-bridge.js';
import { SlotStore } from '../../slots/slot-store.js';
import { readDead, readSlots, readStream, readType, type BridgeOptions } from '../bridge-options.js';
import { onlyWord, openQueue } from '../target.js';
import { runUntilStopped } from '../until-stopped.js';

/** Moves messages out of a queue until it is stopped. */
export async function run(words: readonly string[], options: BridgeOptions): Promise<number> {
  const name = readStream(options);
  const type = readType(options);
  const slots = readSlots(options);
  const dead = readDead(options);
  const word = onlyWord(words);
  const settings = connectionSettings(options);
  const queue = openQueue(word);
  const key = queue.key as Key;
  const host = hostname();
  const template = new SubjectTemplate(options.subject ?? DEFAULT_TEMPLATE, { host, key });
  const subject = template.filter(type === undefined ? undefined : BigInt(type));
  using store = SlotStore.open(queue, { direction: 'out', slots, stream: name, subject });
  return await runUntilStopped({
    direction: 'out',
    key,
    store,
    settings,
    json: options.json === true,
    start: (connection, log) =>
      OutwardBridge.start({
        queue,
        store,
        connection,
        jetstream: settings,
        inboxPrefix: settings.inboxPrefix,
        stream: {
          name,
          create: options.createStream === true,
          allowWorkqueue: options.allowWorkqueue === true,
        },
        template,
        host,
        type,
        dead,
        log,
      }),
    started: () => ({
      message: `messages go from queue ${queue.id} (key ${formatKey(key)}) to stream ${name} as ${subject}`,
      details: { queue: queue.id, key, stream: name, subject },
    }),
  });
}
