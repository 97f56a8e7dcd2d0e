import { rangeError, typeError } from './errors/argument-error.js';
import { IPC_PRIVATE, type Key } from './key.js';

/**
 * The unsigned form of a key.
 * @throws TypeError, RangeError for anything but an integer from -2^31 to 2^32 - 1
 */
function checkKey(key: Key): Key {
  if (typeof key !== 'number') throw typeError('key', 'a number', key);
  if (!Number.isInteger(key) || key < -0x8000_0000 || key > 0xffff_ffff) {
    throw rangeError('key', 'an integer of 32 bits (-2147483648 to 4294967295)', key);
  }
  return key >>> 0;
}

/**
 * A key that names an object. IPC_PRIVATE would create one at every call, also where one is to be opened.
 * @throws RangeError for 0
 */
export function checkPublicKey(key: Key): Key {
  const checked = checkKey(key);
  if (checked === IPC_PRIVATE)
    throw rangeError('key', 'other than 0, which is IPC_PRIVATE: use createPrivate()', key);
  return checked;
}
