// A reporter for node's test runner: one line of JSON for each test that failed, and nothing else.
import type { TestEvent } from 'node:test/reporters';

/** A test that failed. */
export interface FailedTest {
  readonly name: string;
  readonly message: string;
  /** Whether it was still running when its time was up. */
  readonly hung: boolean;
}

interface Failure {
  readonly failureType?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

export default async function* failures(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:fail') continue;
    const { name, details } = event.data;
    const error = details.error as Failure;
    // The tests inside it have been told of already.
    if (error.failureType === 'subtestsFailed') continue;
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    const failed: FailedTest = {
      name,
      message: cause ?? error.message ?? '',
      hung: error.failureType === 'testTimeoutFailure',
    };
    yield `${JSON.stringify(failed)}\n`;
  }
}
