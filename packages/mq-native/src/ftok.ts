import { rangeError, typeError } from './errors/argument-error.js';
import { IpcError } from './errors/ipc-error.js';
import type { Key } from './key.js';
import { native } from './native.js';

/**
 * The key for a path and a project id, as ftok(3) makes it: from the low bits of the file's inode and device. Two
 * files can have the same key, and a file that is deleted and created again usually gets another one.
 * @param path an existing file or directory
 * @param projectId 1 to 255, or one character, of which C programs use the code
 * @throws IpcError ENOENT, EACCES, ENOTDIR and the other errors of stat(2)
 */
export function ftok(path: string, projectId: number | string): Key {
  if (typeof path !== 'string') throw typeError('path', 'a string', path);
  if (path.includes('\0')) throw rangeError('path', 'a path without NUL bytes', path);
  const id = typeof projectId === 'string' ? codeOf(projectId) : projectId;
  if (typeof id !== 'number') throw typeError('projectId', 'a number or a character', projectId);
  if (!Number.isInteger(id) || id < 1 || id > 255)
    throw rangeError('projectId', '1 to 255, or one ASCII character', projectId);
  const key = native.ftok(path, id);
  if (key < 0) throw new IpcError(-key, { syscall: 'ftok', path });
  return key;
}

function codeOf(character: string): number {
  return character.length === 1 ? character.charCodeAt(0) : Number.NaN;
}
