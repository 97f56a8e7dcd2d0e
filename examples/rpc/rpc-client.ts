import { randomInt } from 'node:crypto';
import { GoneError, IpcError, Liveness, MessageQueue, type Key } from '@timeq/mq-native';
import { Failure } from '../parts/program.js';
import { addressesOf } from './addresses.js';
import { checkJson } from './check-json.js';
import { RpcError, type Json, type Response } from './json-rpc.js';

/** Above the types of programs that count from 1. */
const SMALLEST_TYPE = 2 ** 32;
const LARGEST_TYPE = 2 ** 47;

/** Calls procedures of the server at a path. Calls may run side by side: each has a message type of its own. */
export class RpcClient implements Disposable {
  readonly #requests: MessageQueue;
  readonly #replies: MessageQueue;
  readonly #closing = new AbortController();
  /** Rejects when the server dies; without it, a call would wait for ever for its reply. */
  readonly #serverDied: Promise<never>;

  /** @throws Failure if the path has no living server */
  constructor(path: string) {
    const { requests, requestQueue, replyQueue } = findServer(path);
    this.#requests = requestQueue;
    this.#replies = replyQueue;
    this.#serverDied = Liveness.died(requests, { signal: this.#closing.signal }).then(() => {
      throw serverGone();
    });
    // It may die between two calls.
    this.#serverDied.catch(() => undefined);
  }

  /**
   * @throws RpcError what the procedure threw, or why it could not be called; TypeError for a parameter that JSON
   * would change; Failure if the server dies
   */
  async call(method: string, ...parameters: readonly Json[]): Promise<Json> {
    parameters.forEach(checkJson);
    const type = randomInt(SMALLEST_TYPE, LARGEST_TYPE);
    const request = JSON.stringify({ jsonrpc: '2.0', method, params: parameters, id: 1 });
    const { result, error } = JSON.parse(await this.#exchange(type, request)) as Response;
    if (error !== undefined) throw new RpcError(error.code, error.message);
    return result ?? null;
  }

  async #exchange(type: number, request: string): Promise<string> {
    const abandoned = new AbortController();
    const { signal } = abandoned;
    try {
      await Promise.race([this.#requests.send(type, request, { signal }), this.#serverDied]);
      const reply = await Promise.race([this.#replies.receive({ type, signal }), this.#serverDied]);
      return reply.body.toString();
    } catch (error) {
      throw error instanceof GoneError ? serverGone() : error;
    } finally {
      abandoned.abort();
    }
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#requests.close();
    this.#replies.close();
  }
}

function findServer(path: string): { requests: Key; requestQueue: MessageQueue; replyQueue: MessageQueue } {
  try {
    const { requests, replies } = addressesOf(path);
    if (Liveness.check(requests).state !== 'alive') throw noServer(path);
    return { requests, requestQueue: MessageQueue.open(requests), replyQueue: MessageQueue.open(replies) };
  } catch (error) {
    // No file at the path, or no queue yet: the server is just starting.
    if (error instanceof IpcError && error.code === 'ENOENT') throw noServer(path);
    throw error;
  }
}

function noServer(path: string): Failure {
  return new Failure(`No server is at ${path}: start it first.`);
}

function serverGone(): Failure {
  return new Failure('The server has gone. Whether it did what it was asked last is not known.');
}
