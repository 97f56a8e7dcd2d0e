// A reporter for node's test runner: one line of JSON for each failed test, and nothing else.
import type { TestEvent } from 'node:test/reporters';

/** A failed test. */
export interface FailedTest {
  readonly name: string;
  readonly message: string;
  /** Whether it timed out. */
  readonly hung: boolean;
}

interface Failure {
  readonly failureType?: string;
  readonly message?: string;
  readonly cause?: unknown;
  /** The exit code of the test file's process. */
  readonly exitCode?: number | null;
  readonly signal?: NodeJS.Signals | null;
}

export default async function* failures(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:fail') continue;
    const { name, details } = event.data;
    const error = details.error as Failure;
    // The failed tests of this file are reported already; a file can also fail without any.
    if (error.failureType === 'subtestsFailed' && error.exitCode === undefined) continue;
    yield `${JSON.stringify({ name, message: messageOf(error), hung: isHang(error) } satisfies FailedTest)}\n`;
  }
}

function messageOf({ message = '', cause, exitCode, signal }: Failure): string {
  if (exitCode !== undefined) return signal ? `ended by ${signal}` : `exit code ${exitCode}`;
  return cause instanceof Error ? cause.message : message;
}

/** It timed out, by node's runner or by scripts/test-deadline.js. */
function isHang({ failureType, signal }: Failure): boolean {
  return failureType === 'testTimeoutFailure' || signal === 'SIGALRM';
}
