import { removePosixQueue } from '@timeq/mq-native/posix-queue';
import { accessSync, constants, unlinkSync } from 'node:fs';
import { codeOf, isDenied } from '../../../failure.js';
import type { PosixKind } from '../../../model/posix/objects.js';
import type { Output } from '../output.js';
import { fileNamed, listNamed, queueNamed } from '../posix-places.js';
import { Failure } from '../program.js';

/** Kinds of POSIX objects as `--all` spells them. */
export type PosixKindName = 'pshm' | 'psem' | 'pmsg';

const KINDS: Readonly<Record<PosixKindName, { kind: PosixKind; description: string; readable: number }>> = {
  pshm: { kind: 'posix memory', description: 'POSIX shared memory', readable: constants.F_OK },
  psem: {
    kind: 'posix semaphore',
    description: 'POSIX semaphore',
    readable: constants.R_OK | constants.W_OK,
  },
  pmsg: { kind: 'posix queue', description: 'POSIX message queue', readable: constants.R_OK },
};

/** What is wrong with a name, or with removing it, after which the original goes on. */
const WHY_NOT: Readonly<Record<string, (name: string) => string>> = {
  EACCES: (name) => `permission denied for name \`${name}'`,
  EPERM: (name) => `permission denied for name \`${name}'`,
  ENOENT: (name) => `name \`${name}' not found`,
  ENAMETOOLONG: (name) => `name \`${name}' too long`,
};

/** Removes the object of a name. Returns whether it is removed; it is reported after it happened. */
export function removeName(kindName: PosixKindName, name: string, verbose: boolean, output: Output): boolean {
  const { kind } = KINDS[kindName];
  return removeBy(kindName, name, verbose, output, () => {
    if (kind === 'posix queue') {
      removePosixQueue(queueNamed(name) ?? '');
      return;
    }
    const path = fileNamed(kind, name);
    if (typeof path === 'string') {
      // To glibc, a name that no object can have is one that none has.
      throw Object.assign(new Error(path), { code: path === 'EINVAL' ? 'ENOENT' : path });
    }
    unlinkSync(path);
  });
}

/**
 * Removes all of a kind, except those that this user may not read, as with the other kinds. Returns whether all of them
 * are removed.
 */
export function removeAllNamed(kindName: PosixKindName, verbose: boolean, output: Output): boolean {
  const { kind, readable } = KINDS[kindName];
  let removed = true;
  for (const { name, object } of listNamed(kind)) {
    if (!mayUse(object.path, readable)) continue;
    if (!removeBy(kindName, name, verbose, output, () => unlinkSync(object.path))) removed = false;
  }
  return removed;
}

function mayUse(path: Buffer, how: number): boolean {
  try {
    accessSync(path, how);
    return true;
  } catch (error) {
    if (isDenied(error) || codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function removeBy(
  kindName: PosixKindName,
  name: string,
  verbose: boolean,
  output: Output,
  remove: () => void,
): boolean {
  try {
    remove();
  } catch (error) {
    const code = codeOf(error);
    const why = WHY_NOT[code ?? '']?.(name);
    if (why === undefined) throw code === undefined ? error : new Failure('name failed', { code });
    output.warn(why);
    return false;
  }
  if (verbose) output.write(`removing ${KINDS[kindName].description} \`${name}'\n`);
  return true;
}
