import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AddonError } from './addon-error.js';
import { libc } from './executable.js';
import { causeInFile, causeOf, type LoadCause } from './load-causes.js';
import { home, load } from './package-home.js';

const NAME = '@timeq/mq-native';

interface Failed {
  readonly file: string;
  readonly cause: LoadCause;
  readonly error: unknown;
}

/** Whether there is a file. The loader reports one that may not be read. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** The addon's files in order of preference: built on this machine, then shipped with the package. */
function* addonsIn(folder: string): Generator<string> {
  const built = join(folder, 'build', 'mq_native.node');
  if (isThere(built)) yield built;
  const prebuilds = join(folder, 'prebuilds');
  if (!isThere(prebuilds)) return;
  const shipped = join(prebuilds, `${process.platform}-${process.arch}${libc()}`, 'mq_native.node');
  if (isThere(shipped)) yield shipped;
}

/** Whether a folder is this package's own, and not one around a bundle. */
function isOurs(folder: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown };
    return manifest.name === NAME;
  } catch {
    return false;
  }
}

function refuseDeno(): void {
  if (!('deno' in process.versions)) return;
  throw new AddonError(
    `${NAME} does not run in Deno, which crashes when a thread of an addon reports to it; use Node.js or Bun`,
  );
}

/** Loads the addon, or throws an error that says what to do. */
export function loadAddon(): unknown {
  refuseDeno();
  const failed: Failed[] = [];
  const build = `node ${join(home ?? '', 'scripts', 'build-native.js')}`;
  for (const file of home === undefined ? [] : addonsIn(home)) {
    let cause = causeInFile(file, build);
    let error: unknown;
    if (cause === undefined) {
      try {
        const addon = load(file);
        if (failed[0] !== undefined) warn(failed[0], build);
        return addon;
      } catch (thrown) {
        error = thrown;
        cause = causeOf(thrown, file, build);
      }
    }
    failed.push({ file, cause, error });
  }
  throw failed[0] === undefined ? notThere(build) : notLoaded(failed[0], failed[1]);
}

/** Reports a damaged addon where another one was loaded in its place. */
function warn({ file, cause }: Failed, build: string): void {
  process.emitWarning(
    `${NAME} uses the addon that came with the package, since ${file} could not be loaded: ${cause.what}; ` +
      `delete that file, or build it again with "${build}"`,
    { code: 'TIMEQ_ADDON' },
  );
}

function notThere(build: string): AddonError {
  if (home === undefined || !isOurs(home)) {
    return new AddonError(
      `${NAME} is without its addon, for it was bundled: mark ${NAME} external, so that it is loaded from node_modules`,
    );
  }
  return new AddonError(
    `${NAME} has no addon for ${process.platform}-${process.arch}${libc()} yet: ` +
      `install a C compiler and run "${build}".`,
  );
}

function notLoaded({ file, cause, error }: Failed, other: Failed | undefined): AddonError {
  const also =
    other === undefined || other.cause.what === cause.what ? '' : `, nor ${other.file}: ${other.cause.what}`;
  return new AddonError(`${NAME} could not load ${file}: ${cause.what}${also}; ${cause.hint}.`, {
    cause: error,
  });
}
