import { rangeError, typeError } from './errors/argument-error.js';

/** The mode that objects get when none is given: only their owner may read and write. */
export const DEFAULT_MODE = 0o600;

/**
 * @param mode permission bits as chmod(1) has them, 0 to 0o777; execute bits mean nothing for System V objects
 * @throws RangeError also for 600 written without its 0o, which is larger than 0o777
 */
export function checkMode(mode: number): number {
  if (typeof mode !== 'number') throw typeError('mode', 'a number such as 0o600', mode);
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o777) {
    throw rangeError('mode', 'an octal number from 0 to 0o777, such as 0o600', mode);
  }
  return mode;
}

/** Permission bits in octal, with the leading zero that marks them as octal: `0600`. */
export function formatMode(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
