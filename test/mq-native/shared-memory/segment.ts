import type { TestContext } from 'node:test';
import { SharedMemory } from '@timeq/mq-native';
import { atEnd } from '../../helpers/cleanup.js';
import { trackSegment } from '../../helpers/tracking.js';

/** A new private segment that is closed and removed when the test is over. */
export function privateSegment(t: TestContext, bytes: number, mode?: number): SharedMemory {
  const segment = trackSegment(t, SharedMemory.createPrivate({ bytes, mode }));
  atEnd(t, () => {
    segment.close();
  });
  return segment;
}
