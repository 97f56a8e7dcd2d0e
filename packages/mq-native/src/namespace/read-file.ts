import { closeSync, readFileSync } from 'node:fs';
import { ENOSYS } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import { native } from '../native.js';

/**
 * Reads a file below /proc whose content depends on the IPC namespace of its reader, as seen in this thread's current
 * namespace. @throws IpcError the errors of open(2)
 */
export function readNamespaceFile(path: string): string {
  const fd = native.namespaceOpen(path);
  if (fd === -ENOSYS) return readFileSync(path, 'latin1');
  if (fd < 0) throw new IpcError(-fd, { syscall: 'open', path });
  try {
    return readFileSync(fd, 'latin1');
  } finally {
    closeSync(fd);
  }
}
