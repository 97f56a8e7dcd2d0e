import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { EXIT, ExitError } from '../exit/exit-codes.js';

/** Everyone may read it: node_exporter runs as another user. */
const MODE = 0o644;

/**
 * Writes a file whole or not at all: a reader sees the old text or the new one. The temporary file is in the same folder,
 * and its name does not end in .prom, so that node_exporter does not read it.
 * @throws ExitError
 */
export function writeWhole(path: string, text: string): void {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const fd = openSync(temporary, 'wx', MODE);
    try {
      writeFileSync(fd, text);
      fchmodSync(fd, MODE);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explained(error, path, folder);
  }
}

function explained(error: unknown, path: string, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  const [reason, exitCode] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? [`there is no folder ${folder}; make it, or name another file`, EXIT.failed]
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? [
            `this user may not write to ${folder} (${code}); run it as another user, or name another file`,
            EXIT.notPermitted,
          ]
        : code === 'EISDIR'
          ? ['it is a folder; name a file in it', EXIT.usage]
          : [`${code}; what was there before is unchanged`, EXIT.failed];
  return new ExitError(exitCode, `could not write ${path}: ${reason}`, { cause: error });
}
