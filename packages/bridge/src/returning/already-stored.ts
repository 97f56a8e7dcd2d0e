import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@timeq/nats';
import { BridgeError } from '../bridge-error.js';
import type { SlotStore } from '../slots/slot-store.js';
import {
  API_ERROR,
  apiErrorOf,
  explainStream,
  streamManager,
  type JetStreamPlace,
} from '../stream/stream-api.js';
import { lookUp, type LookedUp } from '../outward/look-up.js';

/** Milliseconds for what a bridge had written to its connection when it was killed: the server may not have read it yet. */
const ON_ITS_WAY = 500;

/**
 * Looks which of the messages in the slots of a bridge that does not run are in its stream already, as the bridge does when it starts.
 * `uncertain` is true where the others may have been there before.
 * @throws BridgeError
 */
export async function alreadyStored(
  connection: NatsConnection,
  place: JetStreamPlace,
  store: SlotStore,
): Promise<LookedUp> {
  const { header, held } = store;
  const { stream, subject, instance, created } = header;
  const manager = await streamManager(connection, place);
  try {
    const info = await manager.streams.info(stream);
    const isAnother = created !== '' && created !== info.created;
    if (isAnother) for (const slot of held) slot.after = 0;
    const where = { stream, subject, instance, held };
    const first = await lookUp(manager, where, info);
    if (first.found.size < held.length) await delay(ON_ITS_WAY);
    const { found, uncertain } = await lookUp(manager, where, info);
    const forgets = found.size < held.length && info.config.retention !== 'limits';
    return { found, uncertain: uncertain || isAnother || forgets };
  } catch (error) {
    if (apiErrorOf(error) === API_ERROR.streamNotFound) {
      throw new BridgeError('NOT_THERE', `there is no stream ${stream} any more`, { cause: error });
    }
    throw explainStream(error, stream);
  }
}
