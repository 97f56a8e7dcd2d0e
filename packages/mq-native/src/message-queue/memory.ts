import { IpcError } from '../errors/ipc-error.js';

/** Memory that the addon has made for messages. @throws IpcError ENOMEM */
export function madeMemory(made: ArrayBuffer | number): ArrayBuffer {
  if (typeof made === 'number') throw new IpcError(-made, { syscall: 'malloc' });
  return made;
}
