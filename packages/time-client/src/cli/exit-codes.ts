import type { ClientError } from '../client/client-error.js';

/** What the program ends with. */
export const EXIT = { done: 0, failed: 1, usage: 2, noServer: 3, timedOut: 4, notPermitted: 5 } as const;

/** The codes as `--help` explains them. */
export const EXIT_CODES: ReadonlyArray<readonly [code: number, meaning: string]> = [
  [EXIT.done, 'done'],
  [EXIT.failed, 'failed'],
  [EXIT.usage, 'wrong usage'],
  [EXIT.noServer, 'no server: no queue at the key, or its server is dead or gone'],
  [EXIT.timedOut, 'timed out: no answer, or no room in the queue'],
  [EXIT.notPermitted, 'not permitted'],
];

export function exitCodeOf(error: ClientError): number {
  if (error.noServer) return EXIT.noServer;
  if (error.timedOut) return EXIT.timedOut;
  return error.code === 'NOT_PERMITTED' ? EXIT.notPermitted : EXIT.failed;
}
