import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { codeOf, Failure } from '../../failure.js';

/** 192 bits, in characters that an address can have. */
function newToken(): string {
  return randomBytes(24).toString('base64url');
}

const TOKEN = /^[\w-]{16,200}$/;

/**
 * The secret in the page's address: a new one, or the one in a file, which is made if it is not there.
 * @throws Failure if others may read the file, or it holds no token; EACCES
 */
export function tokenFrom(path: string | undefined): string {
  if (path === undefined) return newToken();
  try {
    const token = newToken();
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return token;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return readToken(path);
    throw asFileFailure(error, path);
  }
}

function readToken(path: string): string {
  let file: number;
  try {
    // A FIFO would block.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw asFileFailure(error, path);
  }
  try {
    const state = fstatSync(file);
    if (!state.isFile()) throw new Failure(`${path} is not a file; name one for --token-file`);
    if (state.uid !== process.geteuid?.())
      throw new Failure(`${path} belongs to user ${state.uid}, who can read it; name another file`);
    if ((state.mode & 0o077) !== 0)
      throw new Failure(
        `other users may read or write ${path}; run \`chmod 600\` on it, or delete it for a new token`,
      );
    const text = readFileSync(file, 'utf8').trim();
    if (TOKEN.test(text)) return text;
    throw new Failure(
      `${path} does not hold a token, 16 to 200 letters, digits, - and _; delete it, and the next start creates a new one`,
    );
  } finally {
    closeSync(file);
  }
}

function asFileFailure(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new Failure(
    `--token-file ${path} can't be used (${code})`,
    code === 'EACCES' || code === 'EPERM' ? 'NOT_PERMITTED' : 'FAILED',
  );
}
