/** Something that happened, for a person and for a program. */
export interface LogEvent {
  readonly level: 'info' | 'warning' | 'error';
  /** One word that does not change from release to release, such as `started`. */
  readonly event: string;
  /** One sentence for a person. */
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export type Log = (event: LogEvent) => void;
