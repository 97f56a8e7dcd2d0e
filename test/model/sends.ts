import assert from 'node:assert/strict';
import type { MessageQueue } from '@timeq/mq-native';
import { Modelled } from './possible-states.js';
import { allAtOnce, type Sight, type Subject } from './replay.js';
import { sendWaiting, type State } from './send-waiting.js';

const BYTES = 10;
/** The handle sends messages of the types from 1 on. */
const OTHERS_TYPE = 99;

/** As in the model, the queue has room for one message. */
export const sendsQueue = { maxBytes: BYTES };

/** The sends of one handle. */
export class Sends extends Modelled<State> implements Subject {
  readonly blocksIn = 'msgsnd';
  readonly #queue: MessageQueue;
  readonly #handle: MessageQueue;
  readonly #sends: State['sends'][number][];
  readonly #aborts: AbortController[] = [];
  readonly #taken: number[] = [];
  #othersSent = 0;
  /** By errors that the model does not have. */
  readonly #failures: string[] = [];

  /** @param handle a handle on the queue that only these sends use */
  constructor(queue: MessageQueue, handle: MessageQueue, count: number) {
    super(sendWaiting(count));
    handle.longestPoll = 0;
    this.#queue = queue;
    this.#handle = handle;
    this.#sends = Array.from({ length: count }, () => 'not begun');
  }

  play(step: string): () => void {
    const tell = (): void => {
      this.possible.did(step);
    };
    switch (step) {
      case 'another program takes a message': {
        const taken = this.#queue.tryReceive()?.type;
        const number = taken === undefined ? undefined : numberOf(taken);
        if (number !== undefined && number !== -1) this.#taken.push(number);
        return () => {
          assert.ok(
            this.possible.saw(({ queue }) => queue[0] === number),
            `there was ${number}`,
          );
          if (number !== undefined) tell();
        };
      }
      case 'another process sends': {
        const room = this.#queue.trySend(OTHERS_TYPE, Buffer.alloc(BYTES));
        if (room) this.#othersSent += 1;
        return () => {
          assert.ok(
            this.possible.saw(({ queue }) => (queue.length === 0) === room),
            `room: ${room}`,
          );
          if (room) tell();
        };
      }
      case 'close()':
        this.#handle.close();
        break;
      default:
        this.#playOn(step);
    }
    return tell;
  }

  /** send() N, or #giveUp N */
  #playOn(step: string): void {
    const [, what, number] = /^(send\(\)|#giveUp) (\d+)$/.exec(step) ?? [];
    assert.ok(what !== undefined, `"${step}" is played`);
    const index = Number(number);
    if (what === '#giveUp') {
      this.#aborts[index]?.abort();
      return;
    }
    const controller = new AbortController();
    this.#aborts[index] = controller;
    this.#sends[index] = 'waiting';
    void this.#follow(index, this.#handle.send(index + 1, Buffer.alloc(BYTES), controller));
  }

  async #follow(index: number, sending: Promise<void>): Promise<void> {
    try {
      await sending;
      this.#sends[index] = 'resolved';
    } catch (error) {
      const { name, code } = error as NodeJS.ErrnoException;
      if (name === 'AbortError' || code === 'ECANCELED') this.#sends[index] = 'rejected';
      else this.#failures.push(`${index} failed: ${code}`);
    }
  }

  look(): Sight {
    assert.deepEqual(this.#failures, []);
    const messages = allAtOnce(this.#queue);
    if (messages === undefined) return 'moving';
    const there = messages.map(({ type }) => numberOf(type));
    const seen = JSON.stringify([this.#sends, there, this.#taken, this.#othersSent]);
    return this.sees(
      ({ sends, queue, taken, othersSent }) => JSON.stringify([sends, queue, taken, othersSent]) === seen,
    );
  }

  blocked(): number {
    return this.#sends.includes('waiting') ? 1 : 0;
  }

  describe(): string {
    const queue = [...this.#queue.peekAll()].map(({ type }) => numberOf(type)).join();
    return `sends: ${this.#sends.join()}; queue: ${queue}; taken: ${this.#taken.join()}`;
  }
}

/** The model's number for a message. */
function numberOf(type: number | bigint): number {
  return type === OTHERS_TYPE ? -1 : Number(type) - 1;
}
