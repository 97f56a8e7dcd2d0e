import { faultOf } from './executable.js';

/** Why an addon was not loaded, and the next step. */
export interface LoadCause {
  readonly what: string;
  readonly hint: string;
}

/** @param build the command that builds the addon on this machine */
type Causes = ReadonlyArray<
  readonly [said: RegExp, cause: (found: RegExpExecArray, file: string, build: string) => LoadCause]
>;

function buildHere(what: string, build: string): LoadCause {
  return { what, hint: `build it here with "${build}"` };
}

function damaged(build: string): LoadCause {
  return {
    what: 'the file is damaged or was cut short',
    hint: `install the package again, or build it here with "${build}"`,
  };
}

/** By what the loaders of glibc, musl and macOS say. */
const causes: Causes = [
  [
    /permission denied/i,
    (_, file) => ({
      what: 'this user may not read it',
      hint: `allow it with "chmod a+r ${file}", and a+x for the folders above`,
    }),
  ],
  [
    /failed to map segment|operation not permitted/i,
    (_, file) => ({
      what: 'its file system is mounted noexec, or a security policy forbids to execute it',
      hint: `install the package on another file system; "findmnt -T ${file}" shows the options of this one`,
    }),
  ],
  [
    /version .GLIBC_([\d.]+). not found/,
    ([, version = ''], _, build) =>
      buildHere(`it needs glibc ${version}, and this machine has an older one`, build),
  ],
  [
    /libc\.musl|ld-(musl|linux)|\blibc\.so\b|error relocating/i,
    (_, __, build) => buildHere('it was built for another C library (musl or glibc)', build),
  ],
  [
    /wrong elf class|(wrong|incompatible) architecture/i,
    (_, __, build) => buildHere('it was built for another architecture', build),
  ],
  [
    /file too short|invalid elf header|exec format error|slice is not valid/i,
    (_, __, build) => damaged(build),
  ],
  [
    /undefined symbol|symbol not found/i,
    ({ input }, _, build) => buildHere(`it does not fit this program (${input})`, build),
  ],
  [/did not self-register/i, (_, __, build) => buildHere('it is no addon for Node.js', build)],
];

/** @param error what loading the file has thrown */
export function causeOf(error: unknown, file: string, build: string): LoadCause {
  if ((error as { code?: string }).code === 'ERR_DLOPEN_DISABLED') {
    return {
      what: 'native addons are switched off',
      hint: 'start Node without --no-addons, and under the permission model with --allow-addons',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  // The path is cut out first: it has words such as "linux-x64-glibc" in it, and may have any others.
  const said = message
    .replaceAll(file, '')
    .replace(/^[:\s]+/, '')
    .replace(/\s*\n[^]*$/, '');
  for (const [expression, cause] of causes) {
    const found = expression.exec(said);
    if (found !== null) return cause(found, file, build);
  }
  return buildHere(said, build);
}

/** The cause that the file itself shows, before the loader opens it. */
export function causeInFile(file: string, build: string): LoadCause | undefined {
  const fault = faultOf(file);
  if (fault === undefined) return undefined;
  if (fault === 'damaged') return damaged(build);
  return buildHere(`it was built for ${fault.builtFor}, and this is ${process.arch}`, build);
}
