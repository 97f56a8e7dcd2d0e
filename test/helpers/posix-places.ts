import { root } from './node.js';
import { quoted } from './shell.js';

/**
 * For sh in a mount namespace of its own: gives it a /dev/shm and a /dev/mqueue without objects, and fails where that
 * cannot be done.
 */
export const ownPosixPlaces = `. ${quoted(`${root}test/helpers/posix-places.sh`)}`;
