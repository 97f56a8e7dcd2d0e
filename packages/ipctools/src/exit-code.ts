/** What the process ends with; `ipctools --help` prints this table. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  timedOut: 4,
  notPermitted: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | 129 | 130 | 143;

/** The meaning of each exit code, in the order of their numbers. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done'],
  [EXIT.failed, 'some failed, or not found'],
  [EXIT.usage, 'wrong usage, nothing done'],
  [EXIT.refused, 'refused, or not confirmed'],
  [EXIT.timedOut, 'timed out, or would have had to wait'],
  [EXIT.notPermitted, 'not permitted'],
];

/** What a process that a signal interrupted ends with, as shells have it: 128 and the signal's number. */
export function exitCodeOfSignal(signal: NodeJS.Signals): ExitCode {
  if (signal === 'SIGHUP') return 129;
  return signal === 'SIGTERM' ? 143 : 130;
}
