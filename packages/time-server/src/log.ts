/** How much a line matters. Warnings and errors are printed also where the rest is not wanted. */
export type LogLevel = 'info' | 'warning' | 'error';

/** Something that happened, for a person and for a program. */
export interface LogEvent {
  readonly level: LogLevel;
  /** One word that does not change from release to release, such as `listening`. */
  readonly event: string;
  /** One sentence for a person. */
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** Where a server says what happens to it. */
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
