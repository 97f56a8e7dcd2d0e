import type { TestContext } from 'node:test';
import { SemaphoreSet, type CreateSemaphoreSetOptions } from '@timeq/mq-native';
import { atEnd } from '../../helpers/cleanup.js';
import { trackSemaphores } from '../../helpers/tracking.js';

/** A new private set that is closed and removed when the test is over. */
export function privateSet(t: TestContext, options?: CreateSemaphoreSetOptions): SemaphoreSet {
  const set = trackSemaphores(t, SemaphoreSet.createPrivate(options));
  atEnd(t, () => {
    set.close();
  });
  return set;
}
