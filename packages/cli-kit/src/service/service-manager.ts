import { escapeText } from '../text/escape.js';

const MICROSECONDS_PER_MILLISECOND = 1000;

/** An event of a service, as its log has it. */
export interface ServiceEvent {
  readonly level: 'info' | 'warning' | 'error';
  readonly event: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface ServiceOptions {
  /** The names of events after which the service is ready. */
  readonly ready: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly log: ((event: ServiceEvent) => void) | undefined;
  /** Sends a text to a Unix socket as one datagram; throws an error with a `code`. */
  readonly sendDatagram: (socket: string, text: string) => void;
}

/**
 * Passes a service's events on to its log, and tells the service manager of them where one asks for that by
 * `NOTIFY_SOCKET` (systemd: `Type=notify`). With `WATCHDOG_USEC` it also tells that the event loop turns, twice in that
 * time. The event `stopping` tells it that the service ends. Source: sd_notify(3), sd_watchdog_enabled(3).
 */
export class ServiceManager {
  readonly #options: ServiceOptions;
  readonly #states: ReadonlyMap<string, string>;
  #socket: string | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#states = new Map([
      ...options.ready.map((name) => [name, 'READY=1'] as const),
      ['stopping', 'STOPPING=1'],
    ]);
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: microseconds, WATCHDOG_PID: pid } = options.environment;
    // Other kinds of address, such as vsock:, are for virtual machines.
    if (socket === undefined || !/^[/@]/.test(socket)) return;
    this.#socket = socket;
    const period = Number(microseconds) / MICROSECONDS_PER_MILLISECOND;
    // The variables are inherited, and meant for one process.
    if (!(period > 0) || (pid !== undefined && Number(pid) !== process.pid)) return;
    this.#watchdog = setInterval(() => this.#tell('WATCHDOG=1'), period / 2).unref();
  }

  hear(event: ServiceEvent): void {
    this.#options.log?.(event);
    const state = this.#states.get(event.event);
    this.#tell(`${state === undefined ? '' : `${state}\n`}STATUS=${escapeText(event.message)}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watchdog);
  }

  #tell(text: string): void {
    if (this.#socket === undefined) return;
    try {
      this.#options.sendDatagram(this.#socket, text);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      const code = String(error.code);
      const message = `the service manager's socket ${this.#socket} (NOTIFY_SOCKET) takes no messages: ${code}`;
      // Once is enough: a socket that is gone does not come back.
      this.#socket = undefined;
      this[Symbol.dispose]();
      this.#options.log?.({ level: 'warning', event: 'service-manager', message, details: { code } });
    }
  }
}
