import { buildReply, failure, parseRequest, TimeReplyWriter } from '@timeq/time-protocol';
import type {
  AddressedRequest,
  MessageType,
  RefusedRequest,
  Reply,
  RequestId,
  ServerStatus,
} from '@timeq/time-protocol';
import { AsctimeClock } from './asctime-clock.js';
import type { Clocks } from './clocks.js';

/** What is put into words as late as it is sent, so that it tells the time of then. */
export interface Content {
  /**
   * The bytes are valid until something else is put into words at the same place: what is sent together takes places from 0
   * on.
   * @param sent the present moment, in nanoseconds since the epoch
   */
  body(sent: bigint, place?: number): Uint8Array;
}

/** An answer, and who it is for. */
export type Answer = ClassicAnswer | AddressedAnswer;

interface ClassicAnswer extends Content {
  readonly to: 'classic';
}

interface AddressedAnswer extends Content {
  readonly to: 'addressed';
  readonly type: MessageType;
}

/** The answer that nearly all are: a class, for a closure would take twice the memory. */
class TimeAnswer implements AddressedAnswer {
  readonly to = 'addressed';
  readonly type: MessageType;
  readonly #answerer: Answerer;
  readonly #id: RequestId;
  readonly #received: bigint;

  constructor(answerer: Answerer, type: MessageType, id: RequestId, received: bigint) {
    this.type = type;
    this.#answerer = answerer;
    this.#id = id;
    this.#received = received;
  }

  body(sent: bigint, place?: number): Uint8Array {
    return this.#answerer.timeBody(this.#id, this.#received, sent, place);
  }
}

/** How many requests were answered, by kind. */
export type Served = ServerStatus['served'];

/** What only the transport knows of a server's status. */
export type TransportStatus = Pick<ServerStatus, 'lost' | 'waiting' | 'reply' | 'onStop' | 'queue'>;

/** What an answerer needs to know of the way on which requests and answers travel. */
export interface Transport {
  /** The longest body that can be sent, in bytes. */
  maxReplyBytes(): number;
  status(): TransportStatus;
}

/** What answers a request: the body of one in, an answer out. It does not know how either travels. */
export class Answerer {
  readonly #clocks: Clocks;
  readonly #version: string;
  readonly #transport: Transport;
  readonly #asctime: AsctimeClock;
  /** One for each place. */
  readonly #timeReplies: TimeReplyWriter[] = [];
  readonly #startedAt: bigint;
  readonly #startedSteady: bigint;
  readonly #served = { classic: 0, addressed: 0, status: 0, refused: 0 };
  readonly #classic: Answer = { to: 'classic', body: (sent) => this.classicBody(sent) };

  constructor(clocks: Clocks, version: string, transport: Transport) {
    this.#clocks = clocks;
    this.#version = version;
    this.#transport = transport;
    this.#asctime = new AsctimeClock(clocks);
    this.#startedAt = clocks.wall();
    this.#startedSteady = clocks.steady();
  }

  get served(): Served {
    return { ...this.#served };
  }

  /**
   * Answers a request. Never throws, whatever the body.
   * @param received when it was taken out of the queue, in nanoseconds since the epoch
   */
  answer(body: Uint8Array, received: bigint): Answer {
    const request = parseRequest(body);
    if (request.kind === 'classic') {
      this.#served.classic += 1;
      return this.#classic;
    }
    if (request.kind === 'refused') return this.#refuse(request);
    return request.ask === 'status' ? this.#tellStatus(request, received) : this.#tellTime(request, received);
  }

  /** What a classic client is told at a moment in nanoseconds since the epoch. It must not be written to. */
  classicBody(sent: bigint): Uint8Array {
    return this.#asctime.bytes(sent);
  }

  /** What classic clients were told in the last so many seconds. */
  recentClassicTexts(seconds: number): string[] {
    return this.#asctime.recentTexts(seconds);
  }

  /** The present moment, in nanoseconds since the epoch. */
  now(): bigint {
    return this.#clocks.wall();
  }

  status(): ServerStatus {
    return {
      pid: process.pid,
      version: this.#version,
      startedAt: this.#startedAt.toString(),
      uptimeNs: (this.#clocks.steady() - this.#startedSteady).toString(),
      served: this.served,
      ...this.#transport.status(),
    };
  }

  #tellTime({ id, replyTo }: AddressedRequest, received: bigint): Answer {
    this.#served.addressed += 1;
    return new TimeAnswer(this, replyTo, id, received);
  }

  /** What a request for the time is told. The bytes are valid as those of `Content` are. */
  timeBody(id: RequestId, received: bigint, sent: bigint, place = 0): Uint8Array {
    const asctime = this.#asctime.text(sent);
    const writer = (this.#timeReplies[place] ??= new TimeReplyWriter());
    const body = writer.write(id, received, sent, asctime);
    if (body === undefined) {
      return this.#checked(buildReply({ kind: 'time', id, time: sent, received, sent, asctime }), sent);
    }
    return this.#checked(body, sent);
  }

  #tellStatus({ id, replyTo }: AddressedRequest, received: bigint): Answer {
    this.#served.status += 1;
    const status = this.status();
    return this.#addressed(replyTo, (sent) => ({ kind: 'status', id, status, received, sent }));
  }

  #refuse({ id, replyTo, error }: RefusedRequest): Answer {
    this.#served.refused += 1;
    return this.#addressed(replyTo, (sent) => ({ kind: 'error', id, error, sent }));
  }

  #addressed(type: MessageType, at: (sent: bigint) => Reply): Answer {
    return {
      to: 'addressed',
      type,
      body: (sent) => this.#checked(buildReply(at(sent)), sent),
    };
  }

  /** The body, or an error that is short if no message can be so long. */
  #checked(body: Uint8Array, sent: bigint): Uint8Array {
    const most = this.#transport.maxReplyBytes();
    if (body.byteLength <= most) return body;
    const error = failure(
      'REPLY_TOO_LONG',
      `the reply has ${body.byteLength} bytes and a message may have ${most}: use a shorter id`,
    );
    return buildReply({ kind: 'error', id: null, error, sent });
  }
}
