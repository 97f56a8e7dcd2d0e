import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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
export function writeWhole(name: string, text: string): void {
  let temporary: string | undefined;
  try {
    const path = replaceable(name);
    temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
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
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw explained(error, name);
  }
}

/**
 * The path of the file to replace: a link's file, not the link. A rename would put a file in the place of a device, such
 * as /dev/null or a terminal, or of a pipe.
 */
function replaceable(name: string): string {
  const stats = statSync(name, { throwIfNoEntry: false });
  if (stats === undefined) return name;
  if (stats.isFile() || stats.isDirectory()) return realpathSync(name);
  throw new ExitError(
    EXIT.usage,
    `could not write ${name}: it is no regular file, and would be replaced by one; name a file, or omit --textfile to print`,
  );
}

function explained(error: unknown, path: string): unknown {
  if (error instanceof ExitError || !(error instanceof Error && 'code' in error)) return error;
  const code = String(error.code);
  const folder = dirname(path);
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
