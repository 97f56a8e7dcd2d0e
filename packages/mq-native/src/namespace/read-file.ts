import { closeSync, readFileSync } from 'node:fs';
import { native } from '../native.js';

/**
 * Reads a file below /proc that tells about the IPC namespace of whoever opens it, as it is in the namespace that this
 * thread looks into. @throws the errors of open(2), as Node has them
 */
export function readNamespaceFile(path: string): string {
  const fd = native.namespaceOpen(path);
  // Node makes the error, with its code and its sentence.
  if (fd < 0) return readFileSync(path, 'latin1');
  try {
    return readFileSync(fd, 'latin1');
  } finally {
    closeSync(fd);
  }
}
