import {
  formatKey,
  formatMode,
  GoneError,
  IpcError,
  type Key,
  type Liveness,
  type MessageQueue,
} from '@timeq/mq-native';
import { DEFAULT_KEY, type ServerStatus } from '@timeq/time-protocol';
import { Alarms } from './alarms/alarms.js';
import { Answerer, type TransportStatus } from './answer/answerer.js';
import type { Clocks } from './clock/clocks.js';
import { machineClocks } from './clock/machine-clocks.js';
import { Log, type LogEvent } from './log.js';
import { LogLimit } from './log-limit.js';
import { adopt } from './queue/adoption.js';
import { claim, OTHER_KEY, reclaim } from './queue/claim.js';
import { ClassicReplies } from './queue/classic-replies.js';
import type { ReplyStyle } from './queue/reply-style.js';
import { named } from './queue/named.js';
import { ReplySender } from './queue/reply-sender.js';
import { QueueTransport } from './queue/queue-transport.js';
import { openServedQueue, type ServedQueue } from './queue/served-queue.js';
import type { TakenRequest } from './taken-request.js';
import { explain } from './server-error.js';
import {
  reportAdoption,
  reportIgnoredStop,
  reportListening,
  reportLostAlarms,
  reportRecreation,
  reportStopped,
} from './reports.js';
import { version } from './version.js';

/** Options of a server. Each has a default. */
export interface TimeServerOptions {
  /** The key of its queue; 128. Not 0, at which no client could find it. */
  readonly key?: Key | undefined;
  /** Permission bits of the queue; 0o600. */
  readonly mode?: number | undefined;
  /** The id of the group that the queue belongs to; the server's own. */
  readonly gid?: number | undefined;
  /** Where classic requests are answered; `auto`. */
  readonly reply?: ReplyStyle | undefined;
  /** The effect of a stop message; `exit`. */
  readonly onStop?: 'exit' | 'ignore' | undefined;
  /** Whether to end a living server at the key, or to serve a queue there that may be another program's; false. */
  readonly takeover?: boolean | undefined;
  /** Whether to serve another user's queue, which that user can read, change and remove; false. */
  readonly adoptForeign?: boolean | undefined;
  /** How long to wait at the end for replies to be read, in milliseconds; 500. */
  readonly lingerMs?: number | undefined;
  /** Receives the server's events; they are dropped by default. */
  readonly log?: ((event: LogEvent) => void) | undefined;
  /** Hears of each request and stop message before it is answered; without it, the server reads no senders. */
  readonly onRequest?: ((request: TakenRequest) => void) | undefined;
  /** The clocks to use; the machine's own, in the zone of the process. */
  readonly clocks?: Clocks | undefined;
}

type Settings = ReturnType<typeof withDefaults>;

function withDefaults(options: TimeServerOptions) {
  return {
    key: options.key ?? DEFAULT_KEY,
    mode: options.mode ?? 0o600,
    gid: options.gid,
    reply: options.reply ?? 'auto',
    onStop: options.onStop ?? 'exit',
    takeover: options.takeover ?? false,
    adoptForeign: options.adoptForeign ?? false,
    lingerMs: options.lingerMs ?? 500,
    onRequest: options.onRequest,
    clocks: options.clocks ?? machineClocks,
  };
}

/** A time server on a System V message queue. */
export class TimeServer implements AsyncDisposable {
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #alarms: Alarms;
  readonly #answerer: Answerer;
  readonly #replies: ReplySender;
  readonly #classic: ClassicReplies;
  readonly #transport: QueueTransport;
  readonly #removals = new LogLimit(() => performance.now());
  readonly #ignoredStops = new LogLimit(() => performance.now());
  readonly #lostAlarms = new LogLimit(() => performance.now());
  readonly #ended: Promise<void>;
  #liveness: Liveness;
  #abandoned = false;

  /**
   * Claims the key, creates or adopts the queue and begins to serve.
   * @throws {ServerError} if another server holds the key, the queue there belongs to another program or user, or the system refuses
   */
  static async start(options: TimeServerOptions = {}): Promise<TimeServer> {
    const settings = withDefaults(options);
    const log = new Log(options.log ?? (() => undefined));
    const { liveness, afterDeath } = await claim(settings, log);
    try {
      const served = openServedQueue(settings, log);
      return new TimeServer(settings, log, liveness, served, afterDeath);
    } catch (error) {
      liveness.release();
      throw explain(error, `cannot serve the queue at ${named(settings.key)}`, OTHER_KEY);
    }
  }

  private constructor(
    settings: Settings,
    log: Log,
    liveness: Liveness,
    { queue, isNew }: ServedQueue,
    afterDeath: boolean,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#liveness = liveness;
    this.#alarms = new Alarms(
      settings.clocks,
      (ringing) => this.#replies.ring(ringing),
      () => this.#alarmLost(),
    );
    this.#answerer = new Answerer(settings.clocks, version, {
      maxReplyBytes: () => this.#replies.maxReplyBytes,
      status: () => this.#transportStatus(),
      alarms: this.#alarms,
    });
    this.#replies = new ReplySender(
      queue,
      this.#answerer,
      log,
      (type) => this.#classic.unread(type),
      (alarm) => this.#alarms.lost(alarm),
    );
    this.#classic = new ClassicReplies(settings.reply, this.#replies, log);
    const adoption = isNew ? undefined : adopt(queue, settings.reply);
    reportListening(log, queue, settings);
    if (adoption !== undefined) reportAdoption(log, queue, adoption, afterDeath);
    this.#transport = new QueueTransport({
      queue,
      backlog: adoption?.requests ?? [],
      answerer: this.#answerer,
      replies: this.#replies,
      classic: this.#classic,
      stopRequested: () => this.#stopRequested(),
      onRequest: settings.onRequest,
      reopen: () => this.#reopen(),
      lingerMs: settings.lingerMs,
    });
    this.#ended = this.#run();
    // Callers that await the end see the failure; none has to.
    this.#ended.catch(() => undefined);
  }

  /** The key that it serves. */
  get key(): Key {
    return this.#settings.key;
  }

  /** The id of its queue. It changes when another program removes the queue. */
  get queueId(): number {
    return this.#transport.queue.id;
  }

  /**
   * Settles when the server has ended, by itself or after `stop`: its queue and semaphore are removed. Rejects with a
   * `ServerError` if it could not go on.
   */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Answers the requests: on another transport, too, its answers count in the same status. */
  get answerer(): Answerer {
    return this.#answerer;
  }

  /** The server's status. */
  status(): ServerStatus {
    return this.#answerer.status();
  }

  /** Answers waiting requests, lets the replies be read, removes the queue and ends. `reason` goes to the log. */
  stop(reason: string): void {
    if (this.#transport.isEnding) return;
    this.#log.info('stopping', `stopping: ${reason}`, { reason });
    this.#transport.end();
  }

  /** Stops, and waits for the end. @throws {ServerError} as `ended` */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop('its program is done with it');
    await this.#ended;
  }

  /**
   * Removes queue and semaphore at once, even if requests are unanswered or replies unread. For a process that is about
   * to exit.
   */
  abandon(): void {
    this.#abandoned = true;
    this.#transport.end();
    this.#cleanUp();
  }

  async #run(): Promise<void> {
    try {
      await this.#transport.run();
    } catch (error) {
      if (this.#abandoned) return;
      this.#cleanUp();
      const next = 'the queue belongs to another user now, or its mode has been changed';
      throw explain(error, `cannot go on serving ${named(this.key)}`, next);
    }
    if (this.#abandoned) return;
    const failure = this.#cleanUp();
    if (failure !== undefined) {
      const next = `its owner can remove it with "ipcrm -Q ${formatKey(this.key)}"`;
      throw explain(failure, `stopped, but the queue at ${named(this.key)} stays`, next);
    }
    reportStopped(this.#log, this.#answerer.served);
  }

  /**
   * Removes queue and semaphore, as far as they exist. The queue first: once the semaphore is down another server may
   * claim the key, and create a queue of its own.
   * @returns why the queue could not be removed; undefined if it is gone
   */
  #cleanUp(): IpcError | undefined {
    this.#alarms.stop();
    this.#replies.stop();
    this.#classic.clear();
    const { queue } = this.#transport;
    try {
      queue.remove();
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      return error instanceof GoneError ? undefined : error;
    } finally {
      queue.close();
      this.#liveness.release();
    }
    return undefined;
  }

  #stopRequested(): void {
    if (this.#settings.onStop === 'exit') {
      this.stop('a client asked for it');
      return;
    }
    const count = this.#ignoredStops.next();
    if (count !== undefined) reportIgnoredStop(this.#log, count);
  }

  #alarmLost(): void {
    const count = this.#lostAlarms.next();
    if (count !== undefined) reportLostAlarms(this.#log, count);
  }

  #reopen(): MessageQueue {
    // Their clients waited at the queue that is gone.
    this.#alarms.drop('queue');
    this.#liveness = reclaim({ ...this.#settings, takeover: false }, this.#liveness);
    const { queue, isNew } = openServedQueue(this.#settings, this.#log);
    const count = this.#removals.next();
    if (count !== undefined) reportRecreation(this.#log, queue, isNew, count);
    return queue;
  }

  #transportStatus(): TransportStatus {
    const { reply, onStop, key } = this.#settings;
    const { id, mode, messages, bytes, maxBytes } = this.#transport.queue.stat();
    return {
      lost: { unread: this.#replies.takenBack, unsent: this.#replies.unsent },
      alarms: this.#alarms.counts,
      waiting: this.#replies.waiting,
      reply,
      onStop,
      queue: { id, key, mode: formatMode(mode), messages, bytes, maxBytes },
    };
  }
}
