import { NatsError } from '../nats-error.js';

/**
 * Reads a file that a setting names.
 * @throws {NatsError} NOT_PERMITTED, or WRONG_SETTING where there is no such file
 */
export function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new NatsError('NOT_PERMITTED', `not permitted to read ${file}`, { cause });
    }
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there' : `can't be read (${code})`;
    throw new NatsError('WRONG_SETTING', `the file ${file} ${why}`, { cause });
  }
}
