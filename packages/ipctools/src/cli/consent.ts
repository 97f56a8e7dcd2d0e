import * as prompts from '@timeq/cli-kit/prompts/consent';
import { REFUSED } from './explain.js';

/** Ends with exit code 3 unless the user agrees, or passed --yes. */
export function requireConsent(question: string, yes: boolean): Promise<void> {
  return prompts.requireConsent(question, yes, REFUSED);
}
