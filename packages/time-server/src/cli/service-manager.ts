import { escapeText } from '@timeq/cli-kit/text/escape';
import { IpcError } from '@timeq/mq-native';
import { sendUnixDatagram } from '@timeq/mq-native/libc';
import type { LogEvent } from '../log.js';

const MICROSECONDS_PER_MILLISECOND = 1000;

/** What some events mean to the service manager. */
const STATES: Readonly<Record<string, string>> = {
  listening: 'READY=1',
  'nats-listening': 'READY=1',
  stopping: 'STOPPING=1',
};

/**
 * Passes a server's events on to its log, and tells the service manager of them where one asks for that by
 * `NOTIFY_SOCKET` (systemd: `Type=notify`). With `WATCHDOG_USEC` it also tells that the event loop turns, twice in that
 * time. Source: sd_notify(3), sd_watchdog_enabled(3).
 */
export class ServiceManager {
  readonly #log: ((event: LogEvent) => void) | undefined;
  #socket: string | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(environment: NodeJS.ProcessEnv, log: ((event: LogEvent) => void) | undefined) {
    this.#log = log;
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: microseconds, WATCHDOG_PID: pid } = environment;
    // Other kinds of address, such as vsock:, are for virtual machines.
    if (socket === undefined || !/^[/@]/.test(socket)) return;
    this.#socket = socket;
    const period = Number(microseconds) / MICROSECONDS_PER_MILLISECOND;
    // The variables are inherited, and meant for one process.
    if (!(period > 0) || (pid !== undefined && Number(pid) !== process.pid)) return;
    this.#watchdog = setInterval(() => this.#tell('WATCHDOG=1'), period / 2).unref();
  }

  /** Passes an event on. */
  hear(event: LogEvent): void {
    this.#log?.(event);
    const state = STATES[event.event];
    this.#tell(`${state === undefined ? '' : `${state}\n`}STATUS=${escapeText(event.message)}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watchdog);
  }

  #tell(text: string): void {
    if (this.#socket === undefined) return;
    try {
      sendUnixDatagram(this.#socket, text);
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      const message = `the service manager's socket ${this.#socket} (NOTIFY_SOCKET) takes no messages: ${error.code}`;
      // Once is enough: a socket that is gone does not come back.
      this.#socket = undefined;
      this[Symbol.dispose]();
      this.#log?.({ level: 'warning', event: 'service-manager', message, details: { code: error.code } });
    }
  }
}
