import type { MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';
import type { ReplyEncoder } from '../reply-encoder.js';
import type { Log } from '../log.js';
import { LogLimit } from '../log-limit.js';
import { readPids } from './pid-in-body.js';
import { replyTypeOf, type ReplyStyle } from './reply-style.js';
import { PlaceFinder } from './place-finder.js';
import { isProgram } from './program-of-pid.js';
import type { ReplySender } from './reply-sender.js';

/** How many clients that sent a pid are remembered until their reply is taken back. */
const MAX_REMEMBERED = 64;

/** Answers classic requests at the message type at which their client waits. */
export class ClassicReplies {
  readonly #style: ReplyStyle;
  readonly #replies: ReplySender;
  readonly #log: Log;
  readonly #finder: PlaceFinder;
  /** The pids that clients sent, by the type at which they were answered. */
  readonly #senders = new Map<MessageType, number>();
  readonly #reports: LogLimit;

  constructor(style: ReplyStyle, replies: ReplySender, log: Log) {
    this.#style = style;
    this.#replies = replies;
    this.#log = log;
    this.#finder = new PlaceFinder({
      send: (type) => replies.sendClassic(type),
      withdraw: (type, most) => replies.withdraw(type, most),
      get lost() {
        return replies.takenBack + replies.unsent;
      },
      mayRun: (pid) => this.#mayRun(pid),
    });
    this.#reports = new LogLimit(() => performance.now());
  }

  /** Takes the answer to a request with this body. */
  add(answer: ReplyEncoder, body: Uint8Array): void {
    const pid = this.#pidIn(body);
    if (pid === undefined) {
      this.#replies.add(CLASSIC_REPLY, answer, body.byteLength);
    } else if (this.#style === 'auto') {
      this.#finder.answer(pid);
    } else {
      const type = replyTypeOf(this.#style, pid);
      this.#replies.add(type, answer, body.byteLength);
      if (this.#senders.size < MAX_REMEMBERED) this.#senders.set(type, pid);
    }
  }

  /** The type of the reply to a request with this body; undefined if it depends on where its client reads. */
  typeFor(body: Uint8Array): MessageType | undefined {
    const pid = this.#pidIn(body);
    if (pid === undefined) return CLASSIC_REPLY;
    return this.#style === 'auto' ? undefined : replyTypeOf(this.#style, pid);
  }

  /** A number that is no running program's pid is not a pid, unless its sender is in another pid namespace. */
  #pidIn(body: Uint8Array): number | undefined {
    const pids = readPids(body);
    if (this.#style !== 'auto' && pids.length < 2) return pids[0];
    const running = pids.find((pid) => this.#finder.knows(pid) || this.#mayRun(pid));
    return running ?? (this.#style === 'auto' ? undefined : pids[0]);
  }

  #mayRun(pid: number): boolean {
    return isProgram(pid) || this.#replies.hasForeignClients;
  }

  /** Called when no client read a reply at a type: the client may wait elsewhere. */
  unread(type: MessageType): void {
    const pid = this.#senders.get(type);
    if (pid === undefined) return;
    this.#senders.delete(type);
    if (!isProgram(pid) || this.#reports.next() === undefined) return;
    const where = type === CLASSIC_REPLY ? 'at type 3' : `at type ${type}, by --reply ${this.#style}`;
    this.#log.warn(
      'unread-pid',
      `process ${pid} sent its pid and did not read the reply ${where}: it probably waits at another type, and ` +
        'a server with --reply auto would answer it there',
      { pid, type: Number(type) },
    );
  }

  /** Forgets the replies: the queue is another one, or the server ends. */
  clear(): void {
    this.#finder.clear();
    this.#senders.clear();
  }
}
