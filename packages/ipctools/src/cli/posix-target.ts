import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { namePosix, type PosixKind, type PosixObject } from '../model/posix/objects.js';

/** A POSIX object as the user names it: by its name alone, where no other kind has that name. */
export interface PosixName {
  readonly name: string;
  readonly kind?: PosixKind;
}

/** The options that name POSIX objects of one kind, as ipcrm of util-linux 2.41 has them. */
export interface PosixOptions<Word> {
  readonly posixMqueue?: Word;
  readonly posixShmem?: Word;
  readonly posixSemaphore?: Word;
}

const OPTION_OF: Readonly<Record<PosixKind, string>> = {
  'posix queue': '--posix-mqueue',
  'posix memory': '--posix-shmem',
  'posix semaphore': '--posix-semaphore',
};

/** Names of POSIX objects begin with a slash; keys and ids do not. */
export function isPosixName(word: string): boolean {
  return word.startsWith('/');
}

function checkName(name: string): string {
  if (/^\/[^/]+$/.test(name)) return name;
  throw new UsageError(
    `'${name}' is not the name of a POSIX object; write a slash and a name, such as /jobs (see \`ipctools list posix\`)`,
  );
}

/** The names among the words and those of the options. @throws UsageError */
export function readPosixNames(
  words: readonly string[],
  { posixMqueue = [], posixShmem = [], posixSemaphore = [] }: PosixOptions<readonly string[]>,
): PosixName[] {
  const ofKind = (kind: PosixKind, names: readonly string[]): PosixName[] =>
    names.map((name) => ({ kind, name: checkName(isPosixName(name) ? name : `/${name}`) }));
  return [
    ...words.filter(isPosixName).map((word) => ({ name: checkName(word) })),
    ...ofKind('posix queue', posixMqueue),
    ...ofKind('posix memory', posixShmem),
    ...ofKind('posix semaphore', posixSemaphore),
  ];
}

/**
 * The object of that name, also as tables show it with its controls escaped; undefined if there is none.
 * @throws UsageError if several have it
 */
export function findPosix(
  { name, kind }: PosixName,
  objects: readonly PosixObject[],
): PosixObject | undefined {
  const found = objects.filter(
    (object) =>
      (kind === undefined || object.kind === kind) &&
      (object.name === name || escapeText(object.name) === name),
  );
  const [first, ...others] = found;
  if (others.length === 0) return first;
  const options = [...new Set(found.map((object) => `${OPTION_OF[object.kind]} ${name}`))].join(' or ');
  throw new UsageError(`'${name}' names ${found.map(namePosix).join(' and ')}; say which with ${options}`);
}

/** `posix object /name` */
export function describePosixName({ name, kind = 'posix object' as PosixKind }: PosixName): string {
  return namePosix({ kind, name });
}
