/** The severity of a line. Warnings and errors are printed even with --quiet. */
export type LogLevel = 'info' | 'warning' | 'error';

/** An event, for people and for programs. */
export interface LogEvent {
  readonly level: LogLevel;
  /** One word that does not change from release to release, such as `listening`. */
  readonly event: string;
  /** One sentence for people. */
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** Receives a server's events. */
export class Log {
  readonly #write: (event: LogEvent) => void;

  constructor(write: (event: LogEvent) => void) {
    this.#write = write;
  }

  info(event: string, message: string, details: LogEvent['details'] = {}): void {
    this.#write({ level: 'info', event, message, details });
  }

  warn(event: string, message: string, details: LogEvent['details'] = {}): void {
    this.#write({ level: 'warning', event, message, details });
  }
}
