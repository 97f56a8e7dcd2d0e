import { readDuration } from '@timeq/cli-kit/args/duration';
import type { Criteria } from '../evidence/rules.js';

/** The options by which objects are judged. */
export interface CriteriaOptions {
  readonly olderThan?: string;
  readonly assumeUnseenIdle?: true;
}

/** The default of --older-than. */
const USUAL_AGE = '1h';

/** The criteria that the options give. @throws UsageError */
export function criteriaFrom({ olderThan = USUAL_AGE, assumeUnseenIdle }: CriteriaOptions): Criteria {
  return { olderThanSeconds: readDuration(olderThan) / 1000, assumeUnseenIdle };
}
