import { hostname } from 'node:os';
import { explainForbidden, NatsService, type NatsConnection, type ServiceAnswer } from '@timeq/nats';
import { buildRequest, FIRST_ADDRESSED_TYPE, parseRequest } from '@timeq/time-protocol';
import { Alarms } from '../alarms/alarms.js';
import { Answerer, type NatsWay } from '../answer/answerer.js';
import type { Clocks } from '../clock/clocks.js';
import { machineClocks } from '../clock/machine-clocks.js';
import { Log, type LogEvent } from '../log.js';
import { LogLimit } from '../log-limit.js';
import { clockRemark, reportLostAlarms } from '../reports.js';
import { answerTo, type TakenRequest } from '../taken-request.js';
import { version } from '../version.js';
import { ringOverNats } from './ring-over-nats.js';

export interface NatsTimeServerOptions {
  /** What requests are sent to, before `.now` and `.status`; `timeq`. */
  readonly subject?: string | undefined;
  /** What answers: that of a server on a queue, to serve both at once; one of its own. */
  readonly answerer?: Answerer | undefined;
  /** The clocks to tell the time by, without an `answerer`; the machine's own, in the zone of the process. */
  readonly clocks?: Clocks | undefined;
  /** Receives the server's events; they are dropped by default. */
  readonly log?: ((event: LogEvent) => void) | undefined;
  /** Hears of each request before it is answered. */
  readonly onRequest?: ((request: TakenRequest) => void) | undefined;
}

/** All answers go to where their request says, so that the type that one names means nothing. */
const WAY = FIRST_ADDRESSED_TYPE;

/** What a request for the status asks that says nothing by itself. */
const STATUS = buildRequest({ id: '', replyTo: WAY, ask: 'status' });

/** The group of which one server is asked. */
const GROUP = 'q';

/** A time server over NATS. Any number of them share the requests. */
export class NatsTimeServer implements AsyncDisposable {
  /** What PING, INFO and STATS tell of this server and no other. */
  readonly id: string;
  readonly #service: NatsService;
  readonly #endAlarms: () => void = () => undefined;

  /**
   * Serves over a connection, which stays the caller's.
   * @throws {NatsError} NOT_PERMITTED when the subjects are not permitted
   */
  static async start(
    connection: NatsConnection,
    options: NatsTimeServerOptions = {},
  ): Promise<NatsTimeServer> {
    const { subject = 'timeq', clocks = machineClocks, onRequest } = options;
    const log = new Log(options.log ?? (() => undefined));
    const answerer = options.answerer ?? answererOver(connection, clocks, log);
    const answerAt = (
      server: string,
      at: string,
      read: (body: Uint8Array) => Uint8Array = (body) => body,
    ) => ({
      subject: at,
      answer: (message: Uint8Array, reply: string): ServiceAnswer => {
        const body = read(message);
        if (onRequest !== undefined) {
          onRequest({ subject: at, bytes: message.byteLength, ...answerTo(parseRequest(body, WAY)) });
        }
        return answered(answerer, body, { type: WAY, subject: reply, server });
      },
    });
    const asStatus = (body: Uint8Array) => (parseRequest(body, WAY).kind === 'classic' ? STATUS : body);
    const service = await NatsService.start(connection, {
      name: 'timeq',
      version,
      description: 'Tells the time',
      metadata: { host: hostname(), pid: String(process.pid), subject },
      endpoints: (id) => [
        { name: 'now', queueGroup: GROUP, ...answerAt(id, `${subject}.now`) },
        { name: 'status', queueGroup: GROUP, ...answerAt(id, `${subject}.status`, asStatus) },
        { name: 'now-of-one', ...answerAt(id, `${subject}.${id}.now`) },
      ],
    });
    const server = connection.getServer();
    const clock = answerer.otherClock?.name;
    log.info(
      'nats-listening',
      `listening on NATS at ${server}, subject ${subject}.now, as ${service.id}${clockRemark(clock)}`,
      { server, subject, id: service.id, ...(clock !== undefined && { clock }) },
    );
    return new NatsTimeServer(service, connection, log, answerer, subject);
  }

  private constructor(
    service: NatsService,
    connection: NatsConnection,
    log: Log,
    answerer: Answerer,
    subject: string,
  ) {
    this.id = service.id;
    this.#service = service;
    const { alarms } = answerer;
    if (alarms !== undefined) {
      this.#endAlarms = ringOverNats(connection, answerer, alarms, `${subject}.${this.id}`);
    }
    if (service.unseen !== undefined) {
      log.warn('nats-unseen', `"nats micro" does not find this server: ${service.unseen.message}`);
    }
    // What is published without a connection is lost: clients set their alarms again.
    void report(connection, log, () => alarms?.drop('nats'));
  }

  /** Takes no more requests, and resolves when those that were on their way are answered. */
  stop(): Promise<void> {
    this.#endAlarms();
    return this.#service.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function answererOver(connection: NatsConnection, clocks: Clocks, log: Log): Answerer {
  const losses = new LogLimit(() => performance.now());
  const alarms = new Alarms(
    clocks,
    () => undefined,
    () => {
      const count = losses.next();
      if (count !== undefined) reportLostAlarms(log, count);
    },
  );
  return new Answerer(clocks, version, {
    maxReplyBytes: () => connection.info?.max_payload ?? Infinity,
    status: () => ({
      lost: { unread: 0, unsent: 0 },
      alarms: alarms.counts,
      waiting: 0,
      reply: 'auto',
      onStop: 'ignore',
      queue: null,
    }),
    alarms,
  });
}

function answered(answerer: Answerer, body: Uint8Array, way: NatsWay): ServiceAnswer {
  const answer = answerer.answer(body, answerer.now(), way);
  const failure = answer.to === 'classic' ? undefined : answer.failure;
  return {
    body: answer.body(answerer.now()),
    failure: failure && { code: 400, message: `${failure.message} (${failure.code})` },
  };
}

/** Tells when NATS is out of reach, and when not any more; and what it forbids, once a second at most. */
async function report(connection: NatsConnection, log: Log, gone: () => void): Promise<void> {
  const refusals = new LogLimit(() => performance.now());
  let away = false;
  for await (const { type, error } of connection.status()) {
    if (type === 'disconnect') gone();
    if (type === 'disconnect' && !away) {
      away = true;
      log.warn('nats-away', 'the NATS server is gone; waiting for it');
    } else if (type === 'reconnect') {
      away = false;
      const server = connection.getServer();
      log.info('nats-back', `connected with NATS at ${server} again`, { server });
    } else if (type === 'error' && error !== undefined) {
      const count = refusals.next();
      const { message } = explainForbidden(error) ?? error;
      if (count !== undefined) log.warn('nats-error', message, { count });
    }
  }
}
