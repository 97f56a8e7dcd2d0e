import { HeldError, IpcError, Liveness, MessageQueue, type Key, type MessageType } from '@timeq/mq-native';
import { Failure } from '../parts/program.js';
import { removeAtExit } from '../parts/remove-at-exit.js';
import { addressesOf } from './addresses.js';
import { answer, errorCodes, type Procedure } from './json-rpc.js';

/** How long a reply waits for room, in milliseconds, until the oldest reply has to go. */
const FULL_TIMEOUT = 1000;

/**
 * Answers JSON-RPC requests from a queue. Who gets the reply is not JSON-RPC's business but the carrier's: it goes to
 * the reply queue with the request's own message type, which every call draws at random.
 */
export class RpcServer {
  readonly #requests: MessageQueue;
  readonly #replies: MessageQueue;

  private constructor(requests: MessageQueue, replies: MessageQueue) {
    this.#requests = requests;
    this.#replies = replies;
  }

  /**
   * Claims the path and makes the queues. Both go when this process ends; when it is killed, the next server that
   * opens the path removes them.
   * @throws Failure if the path has a server
   */
  static open(path: string): RpcServer {
    const { requests, replies } = addressesOf(path);
    // Proves that a dead server left the objects at these keys, and not another program.
    const leftBehind = Liveness.check(requests).state === 'dead';
    const claim = claimFor(path, requests);
    if (leftBehind) for (const key of [requests, replies]) removeQueueAt(key);
    // Exit listeners run in this order: as long as there is a queue, the claim says whose it is.
    const server = new RpcServer(
      removeAtExit(MessageQueue.create(requests)),
      removeAtExit(MessageQueue.create(replies)),
    );
    process.on('exit', () => claim.release());
    return server;
  }

  /** Answers one request after the other, for ever: no two procedures run at the same time. */
  async run(procedures: ReadonlyMap<string, Procedure>): Promise<void> {
    for await (const { type, body } of this.#requests.messages()) {
      const response = answer(body.toString(), procedures);
      if (response !== undefined) await this.#reply(type, response);
    }
  }

  async #reply(type: MessageType, response: string): Promise<void> {
    try {
      await this.#replies.send(type, response, { timeout: FULL_TIMEOUT });
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      if (error.timedOut) {
        // Unread replies belong to clients that died; the oldest has waited longest.
        this.#replies.tryReceive();
        await this.#reply(type, response);
      } else if (error.code === 'EINVAL') {
        const { id } = JSON.parse(response) as { id?: string | number | null };
        const message = 'the result is too large for a message';
        await this.#reply(
          type,
          JSON.stringify({ jsonrpc: '2.0', id: id ?? null, error: { code: errorCodes.internal, message } }),
        );
      } else {
        throw error;
      }
    }
  }
}

function claimFor(path: string, key: Key): Liveness {
  try {
    return Liveness.claim(key, { mode: 0o600 });
  } catch (error) {
    if (error instanceof HeldError) throw new Failure(`${path} has a server already: process ${error.pid}.`);
    throw error;
  }
}

function removeQueueAt(key: Key): void {
  try {
    MessageQueue.open(key).remove();
  } catch (error) {
    if (!(error instanceof IpcError && error.code === 'ENOENT')) throw error;
  }
}
