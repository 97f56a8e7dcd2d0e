import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ExpectedError } from './expected-error.js';

const howToInstall = {
  linux: 'install one with "apt install build-essential", "dnf install gcc" or "apk add build-base"',
  darwin: 'install one with "xcode-select --install"',
  freebsd: 'install one with "pkg install llvm"',
};

/**
 * The C compiler as a command and its leading arguments: $CC where it is set (it may be "ccache gcc"), otherwise the
 * first of cc, gcc and clang on the PATH. Throws when there is none.
 */
export function findCompiler(environment = process.env) {
  const path = environment.PATH ?? '';
  const chosen = environment.CC?.trim();
  if (chosen) {
    const words = chosen.split(/\s+/);
    if (!isCommand(words[0], path)) {
      throw new ExpectedError(
        `CC is set to "${chosen}" and there is no such command: set CC to a C compiler, or unset it`,
      );
    }
    return words;
  }
  const found = ['cc', 'gcc', 'clang'].find((name) => isCommand(name, path));
  if (found === undefined) {
    throw new ExpectedError(
      `Timeq needs a C compiler to build its addon and found none: ${howToInstall[process.platform] ?? 'install one'}`,
    );
  }
  return [found];
}

function isCommand(name, path) {
  const candidates = name.includes('/')
    ? [name]
    : path.split(delimiter).map((folder) => join(folder || '.', name));
  return candidates.some(isExecutableFile);
}

function isExecutableFile(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
