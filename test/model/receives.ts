import assert from 'node:assert/strict';
import type { Message, MessageQueue } from '@timeq/mq-native';
import type { Random } from '../faults/random.js';
import type { Model } from './explore.js';
import { Modelled } from './possible-states.js';
import { receiveWaiting, type Kind, type State } from './receive-waiting.js';
import { allAtOnce, type Sight, type Subject } from './replay.js';

/** Steps that end the process or worker that plays a trace. */
const ends = new Set(['the process exits', 'terminate()']);

/** Three waits, and the size limit of those that do not accept every message. */
export function chooseWaits(random: Random): { waits: Kind[]; size: number } {
  const size = random.pick(0, 0, 1, 8, 100);
  // A wait without handOver has a zero-length buffer: it accepts only empty messages from the kernel.
  const pick = (): Kind => (size === 0 ? random.pick('any', 'empty', 'left') : random.pick('any', 'empty'));
  return { waits: Array.from({ length: 3 }, pick), size };
}

/** Only those options that the model has. */
export function modelOf({ waits, messages }: Pick<ReceivesOptions, 'waits' | 'messages'>): Model<State> {
  return receiveWaiting({ waits, messages, polls: false });
}

type Outcome = State['waits'][number];

export interface ReceivesOptions {
  readonly waits: readonly Kind[];
  readonly messages: number;
  /** The message type that the receives wait for. */
  readonly type: number;
  /** The length of the model's "empty" messages, which all waits accept. Its "bytes" are one byte longer. */
  readonly size: number;
  /** Sends a signal to all threads that are blocked in msgrcv. Without it, traces have no stray signals. */
  readonly interrupt?: () => void;
}

/** The receives of one handle for one type. */
export class Receives extends Modelled<State> implements Subject {
  readonly blocksIn = 'msgrcv';
  readonly #queue: MessageQueue;
  readonly #handle: MessageQueue;
  readonly #options: ReceivesOptions;
  readonly #waits: Outcome[];
  readonly #aborts: AbortController[] = [];
  /** Bodies in hexadecimal; all that are not empty differ. */
  readonly #sent: string[] = [];
  readonly #delivered: string[] = [];
  readonly #takenByOthers: string[] = [];

  /** @param handle a handle on the queue that only these receives use */
  constructor(queue: MessageQueue, handle: MessageQueue, options: ReceivesOptions) {
    super(modelOf(options));
    handle.longestPoll = 0;
    this.#queue = queue;
    this.#handle = handle;
    this.#options = options;
    this.#waits = options.waits.map(() => 'not begun');
  }

  /** The model states in which the code can be. */
  get states(): readonly State[] {
    return this.possible.states;
  }

  override choices(): string[] {
    const signals = this.#options.interrupt !== undefined;
    return super.choices().filter((step) => !ends.has(step) && (signals || step !== 'a stray signal'));
  }

  play(step: string): () => void {
    const tell = (): void => {
      this.possible.did(step);
    };
    const { type, size, interrupt } = this.#options;
    switch (step) {
      case 'another program sends an empty message':
        this.#send(size);
        break;
      case 'another program sends a message':
        this.#send(size + 1);
        break;
      case 'another process takes a message': {
        const taken = this.#queue.tryReceive({ type })?.body;
        if (taken !== undefined) this.#takenByOthers.push(taken.toString('hex'));
        const kind = taken === undefined ? undefined : this.#kind(taken);
        return () => {
          assert.ok(
            this.possible.saw(({ queue }) => queue[0] === kind),
            `there was ${kind ?? 'nothing'}`,
          );
          if (taken !== undefined) tell();
        };
      }
      case 'a stray signal':
        interrupt?.();
        break;
      case 'close()':
        this.#handle.close();
        break;
      default:
        this.#playOn(step);
    }
    return tell;
  }

  /** receive() N, or #giveUp N */
  #playOn(step: string): void {
    const [, what, number] = /^(receive\(\)|#giveUp) (\d+)$/.exec(step) ?? [];
    assert.ok(what !== undefined, `"${step}" is played`);
    const index = Number(number);
    if (what === 'receive()') this.#receive(index);
    else this.#aborts[index]?.abort();
  }

  #send(bytes: number): void {
    const body = Buffer.alloc(bytes, this.#sent.length + 1);
    this.#sent.push(body.toString('hex'));
    this.#queue.sendSync(this.#options.type, body);
  }

  #receive(index: number): void {
    const { type, size, waits } = this.#options;
    const controller = new AbortController();
    this.#aborts[index] = controller;
    this.#waits[index] = 'waiting';
    const kind = waits[index];
    const how = { any: { maxBytes: size + 1 }, empty: { maxBytes: size }, left: { handOver: false } }[
      kind ?? 'any'
    ];
    void this.#follow(index, this.#handle.receive({ type, signal: controller.signal, ...how }));
  }

  async #follow(index: number, receiving: Promise<Message>): Promise<void> {
    try {
      const { type, body } = await receiving;
      this.#waits[index] = type === this.#options.type ? 'resolved' : 'failed';
      this.#delivered.push(body.toString('hex'));
    } catch (error) {
      this.#waits[index] = outcome(error as NodeJS.ErrnoException);
    }
  }

  look(): Sight {
    const messages = allAtOnce(this.#queue);
    if (messages === undefined) return 'moving';
    const there = [...this.#bodies(messages), ...this.#delivered, ...this.#takenByOthers];
    for (const body of this.#sent) {
      const at = there.indexOf(body);
      if (at !== -1) there.splice(at, 1);
    }
    assert.deepEqual(there, [], 'messages that were not sent, or are there twice');
    return this.sees(this.#looksLike(messages));
  }

  blocked(): number {
    return this.#waits.includes('waiting') ? 1 : 0;
  }

  describe(): string {
    const { type, waits } = this.#options;
    const each = waits.map((kind, index) => `${kind} ${this.#waits[index]}`);
    const queue = this.#bodies([...this.#queue.peekAll()]).join();
    return `receives: ${each.join()} of type ${type}; queue: ${queue}; delivered: ${this.#delivered.join()}`;
  }

  #looksLike(messages: readonly Message[]): (state: State) => boolean {
    const seen = JSON.stringify([
      this.#waits,
      this.#bodies(messages).map((body) => this.#kind(Buffer.from(body, 'hex'))),
      this.#count(this.#delivered),
      this.#count(this.#takenByOthers),
    ]);
    return ({ waits, queue, delivered, takenByOthers }) =>
      JSON.stringify([waits, queue, delivered, takenByOthers]) === seen;
  }

  #count(bodies: readonly string[]): State['delivered'] {
    const kinds = bodies.map((body) => this.#kind(Buffer.from(body, 'hex')));
    const bytes = kinds.filter((kind) => kind === 'bytes').length;
    return { empty: kinds.length - bytes, bytes };
  }

  #bodies(messages: readonly Message[]): string[] {
    return messages.filter(({ type }) => type === this.#options.type).map(({ body }) => body.toString('hex'));
  }

  #kind(body: Buffer): 'empty' | 'bytes' {
    return body.length > this.#options.size ? 'bytes' : 'empty';
  }
}

/** Cancelled on request, or refused; any other error fails the test. */
function outcome({ name, code }: NodeJS.ErrnoException): Outcome {
  if (name === 'AbortError' || code === 'ECANCELED') return 'rejected';
  return code === 'E2BIG' ? 'refused' : 'failed';
}
