/** An event for the log, readable for people and programs. */
export interface LogEvent {
  readonly level: 'info' | 'warning' | 'error';
  /** One word that does not change from release to release, such as `started`. */
  readonly event: string;
  /** One sentence for people. */
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export type Log = (event: LogEvent) => void;
