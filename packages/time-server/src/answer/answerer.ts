import {
  buildReply,
  failure,
  parseReply,
  parseRequest,
  TimeReplyWriter,
  type AddressedRequest,
  type AlarmAsk,
  type ClockSync,
  type Failure,
  type MessageType,
  type RefusedRequest,
  type Reply,
  type RequestId,
  type ServerStatus,
} from '@timeq/time-protocol';
import type { Alarms } from '../alarms/alarms.js';
import { answerAlarm } from '../alarms/answer-alarm.js';
import { AsctimeClock } from '../clock/asctime-clock.js';
import type { Clocks, OtherClock } from '../clock/clocks.js';
import type { ReplyEncoder } from '../reply-encoder.js';
import { SyncReader } from '../clock/sync-reader.js';

/** An answer, and its recipient. */
export type Answer = ClassicAnswer | AddressedAnswer;

interface ClassicAnswer extends ReplyEncoder {
  readonly to: 'classic';
}

interface AddressedAnswer extends ReplyEncoder {
  readonly to: 'addressed';
  readonly type: MessageType;
  /** Why the request was refused. */
  readonly failure?: Failure | undefined;
}

/** The usual answer: a class, because a closure would take twice the memory. */
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

/** Whom to answer. */
type Addressee = Pick<AddressedRequest, 'id' | 'replyTo'>;

/** How many requests were answered, by kind. */
export type Served = ServerStatus['served'];

/** The part of a server's status that only the transport knows. */
export type TransportStatus = Pick<
  ServerStatus,
  'lost' | 'alarms' | 'waiting' | 'reply' | 'onStop' | 'queue'
>;

/** What an answerer needs to know about the transport of requests and answers. */
export interface Transport {
  /** The longest body that can be sent, in bytes. */
  maxReplyBytes(): number;
  status(): TransportStatus;
  /** Undefined if it can't bring a client a message that no request asks for. */
  readonly alarms?: Alarms | undefined;
}

/** The way back of a request over NATS. */
export interface NatsWay {
  /** Stands for the type that a request would name. */
  readonly type: MessageType;
  /** Where its answer goes, and its alarms ring. */
  readonly subject: string;
  /** The id of this server, by which it can be asked about an alarm. */
  readonly server: string;
}

/** For how many nanoseconds the ages of classic replies are known: longer than replies stay unread. */
const AGES_KNOWN = 3_000_000_000n;

/** Answers requests: takes the body of one, and returns an answer. It does not know how either travels. */
export class Answerer {
  readonly #clocks: Clocks;
  readonly #version: string;
  readonly #transport: Transport;
  readonly #asctime: AsctimeClock;
  readonly #sync: SyncReader;
  /** One for each place in a batch. */
  readonly #timeReplies: TimeReplyWriter[] = [];
  readonly #startedAt: bigint;
  readonly #startedSteady: bigint;
  readonly #served = { classic: 0, addressed: 0, status: 0, refused: 0 };
  readonly #classic: Answer = { to: 'classic', body: (sent) => this.classicBody(sent) };

  constructor(clocks: Clocks, version: string, transport: Transport) {
    this.#clocks = clocks;
    this.#version = version;
    this.#transport = transport;
    this.#asctime = new AsctimeClock(clocks, AGES_KNOWN);
    this.#sync = new SyncReader(() => clocks.sync?.());
    this.#startedAt = clocks.wall();
    this.#startedSteady = clocks.steady();
  }

  /** The alarms of its transport. */
  get alarms(): Alarms | undefined {
    return this.#transport.alarms;
  }

  get served(): Served {
    return { ...this.#served };
  }

  /**
   * Answers a request. It never throws, whatever the body.
   * @param received when it was taken out of the queue, in nanoseconds since the epoch
   * @param way on a transport that has a way back of its own
   */
  answer(body: Uint8Array, received: bigint, way?: NatsWay): Answer {
    const request = parseRequest(body, way?.type);
    if (request.kind === 'classic') {
      this.#served.classic += 1;
      return this.#classic;
    }
    if (request.kind === 'refused') return this.#refuse(request);
    switch (request.ask) {
      case 'time':
        return this.#tellTime(request, received);
      case 'status':
        return this.#tellStatus(request, received);
      case 'set-clock':
        return this.#setClock(request, request.clock, received);
      case 'alarm':
      case 'cancel':
      case 'alarms':
        return this.#answerAlarm(request, way, received);
    }
  }

  /** The reply to a classic client, for a moment in nanoseconds since the epoch. Do not write to it. */
  classicBody(sent: bigint): Uint8Array {
    return this.#asctime.bytes(sent);
  }

  /**
   * How old a reply is at least, in milliseconds; Infinity if it is more than 3 seconds old, or another program's.
   * A classic reply may be a second older: its text has whole seconds.
   */
  ageOf(body: Uint8Array, classic: boolean): number {
    if (classic) return this.#asctime.age(Buffer.from(body).toString('latin1'));
    const reply = parseReply(body);
    const sent = reply?.clock?.machine ?? reply?.sent;
    if (sent === undefined) return Infinity;
    const age = Number((this.otherClock?.machine ?? this.#clocks.wall()) - sent) / 1e6;
    // The clock was set back.
    return age < 0 ? Infinity : age;
  }

  /** What the clock is, if it is not the machine's. */
  get otherClock(): OtherClock | undefined {
    return this.#clocks.other?.();
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

  #tellTime({ id, replyTo }: Addressee, received: bigint): Answer {
    this.#served.addressed += 1;
    return new TimeAnswer(this, replyTo, id, received);
  }

  /** The reply to a request for the time. The bytes are valid as those of `ReplyEncoder` are. */
  timeBody(id: RequestId, received: bigint, sent: bigint, place = 0): Uint8Array {
    const asctime = this.#asctime.text(sent);
    const clock = this.otherClock;
    const sync = this.#sync.at(clock?.machine ?? sent);
    const writer = (this.#timeReplies[place] ??= new TimeReplyWriter());
    const usual = clock === undefined ? writer.write(id, received, sent, asctime, sync) : undefined;
    if (usual !== undefined) return this.#checked(usual, sent);
    const fields = { ...(clock && { clock }), ...(sync && { sync }) };
    return this.#checked(
      buildReply({ kind: 'time', id, time: sent, received, sent, asctime, ...fields }),
      sent,
    );
  }

  #tellStatus({ id, replyTo }: Addressee, received: bigint): Answer {
    this.#served.status += 1;
    const status = this.status();
    return this.#addressed(replyTo, (sent) => ({
      kind: 'status',
      id,
      status,
      received,
      sent,
      ...this.#clockFields(sent),
    }));
  }

  #answerAlarm(request: AddressedRequest & AlarmAsk, way: NatsWay | undefined, received: bigint): Answer {
    const { id, replyTo } = request;
    const { alarms } = this.#transport;
    const answer =
      alarms === undefined || way?.subject === ''
        ? failure('NOT_ALLOWED', 'there is no way to bring you the message of an alarm')
        : answerAlarm(alarms, request, way?.subject ?? replyTo, received);
    if ('code' in answer) return this.#refuse({ kind: 'refused', id, replyTo, error: answer });
    this.#served.addressed += 1;
    return this.#addressed(replyTo, (sent) => ({
      ...answer,
      ...(answer.kind === 'alarm' && way !== undefined && { server: way.server }),
      id,
      received,
      sent,
      ...this.#clockFields(sent),
    }));
  }

  #setClock({ id, replyTo }: Addressee, clock: string, received: bigint): Answer {
    const refuse = (error: Failure): Answer => this.#refuse({ kind: 'refused', id, replyTo, error });
    if (this.#clocks.set === undefined) {
      return refuse(failure('NOT_ALLOWED', 'this server lets no client set its clock (--allow-set-clock)'));
    }
    try {
      this.#clocks.set(clock);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return refuse(failure('BAD_CLOCK', error.message));
    }
    this.#transport.alarms?.clockSet();
    return this.#tellTime({ id, replyTo }, received);
  }

  #clockFields(sent: bigint): { readonly clock?: OtherClock; readonly sync?: ClockSync } {
    const clock = this.otherClock;
    const sync = this.#sync.at(clock?.machine ?? sent);
    return { ...(clock && { clock }), ...(sync && { sync }) };
  }

  #refuse({ id, replyTo, error }: RefusedRequest): Answer {
    this.#served.refused += 1;
    return { ...this.#addressed(replyTo, (sent) => ({ kind: 'error', id, error, sent })), failure: error };
  }

  #addressed(type: MessageType, at: (sent: bigint) => Reply): AddressedAnswer {
    return {
      to: 'addressed',
      type,
      body: (sent) => this.#checked(buildReply(at(sent)), sent),
    };
  }

  /** The body, or a short error if a message can't be as long. */
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
