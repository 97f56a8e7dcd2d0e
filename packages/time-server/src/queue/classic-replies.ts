import type { MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';
import type { Content } from '../answer/answerer.js';
import type { Log } from '../log.js';
import { LogLimit } from '../log-limit.js';
import { replyTypeOf } from './dialect.js';
import type { ReplyStyle } from './dialect.js';
import { readPid } from './pid-in-body.js';
import { PlaceFinder } from './place-finder.js';
import { isProgram } from './program-of-pid.js';
import type { ReplySender } from './reply-sender.js';

/** How many clients that sent a pid are remembered until their reply was taken back. */
const MAX_REMEMBERED = 64;

/** Answers classic requests at the message type at which their client waits. */
export class ClassicReplies {
  readonly #style: ReplyStyle;
  readonly #replies: ReplySender;
  readonly #log: Log;
  readonly #finder: PlaceFinder;
  /** Who sent a pid, by the type at which it was answered. */
  readonly #senders = new Map<MessageType, number>();
  readonly #reports: LogLimit;

  constructor(style: ReplyStyle, replies: ReplySender, log: Log) {
    this.#style = style;
    this.#replies = replies;
    this.#log = log;
    this.#finder = new PlaceFinder({
      post: (type) => replies.sendClassic(type),
      withdraw: (type, most) => replies.withdraw(type, most),
      get lost() {
        return replies.takenBack + replies.unsent;
      },
      mayRun: (pid) => this.#mayRun(pid),
    });
    this.#reports = new LogLimit(() => performance.now());
  }

  /** Takes the answer to a request with this body. */
  post(answer: Content, body: Uint8Array): void {
    const pid = readPid(body);
    if (pid === undefined || !this.#mayBePid(pid)) {
      this.#replies.post(CLASSIC_REPLY, answer, body.byteLength);
    } else if (this.#style === 'auto') {
      this.#finder.answer(pid);
    } else {
      const type = replyTypeOf(this.#style, pid);
      this.#replies.post(type, answer, body.byteLength);
      if (this.#senders.size < MAX_REMEMBERED) this.#senders.set(type, pid);
    }
  }

  /** A number that is no program's pid is none, unless its sender is in another pid namespace. */
  #mayBePid(pid: number): boolean {
    return this.#style !== 'auto' || this.#finder.knows(pid) || this.#mayRun(pid);
  }

  #mayRun(pid: number): boolean {
    return isProgram(pid) || this.#replies.hasForeignClients;
  }

  /** To be told when nobody read what was sent to a type: perhaps its client waits elsewhere. */
  unread(type: MessageType): void {
    const pid = this.#senders.get(type);
    if (pid === undefined) return;
    this.#senders.delete(type);
    if (!isProgram(pid) || this.#reports.next() === undefined) return;
    const where = type === CLASSIC_REPLY ? 'at type 3' : `at type ${type}, by --reply ${this.#style}`;
    this.#log.warn(
      'unread-pid',
      `process ${pid} sent its pid and did not read the reply ${where}: most likely it waits at another type, at which ` +
        'a server with --reply auto answers it',
      { pid, type: Number(type) },
    );
  }

  /** Forgets what was sent: the queue is another one, or the server ends. */
  clear(): void {
    this.#finder.clear();
    this.#senders.clear();
  }
}
