import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';
import { muslOptions } from './musl.js';
import { home } from './paths.js';
import { architectureOf } from './targets.js';

/** Compiles the addon of a target with the script that builds it from source on every other machine. */
export function compile(target, output) {
  const options = [...commonOptions(target), ...libraryOptions(target)];
  const { status, error } = spawnSync(
    process.execPath,
    [join(home, 'scripts', 'build-native.js'), '--werror', '--output', resolve(output)],
    // Compilers look for the file of -include here; its whole path may have a space, at which CFLAGS would be split.
    {
      cwd: import.meta.dirname,
      stdio: 'inherit',
      env: { ...process.env, CC: target.compiler, CFLAGS: options.join(' ') },
    },
  );
  if (error) throw error;
  if (status !== 0) {
    throw new ExpectedError(`${target.name} was not built; its compiler is in ${target.debianPackages}`);
  }
}

function commonOptions(target) {
  // Outlined atomics would need a function that musl and old glibcs do not have.
  const atomics = architectureOf(target) === 'arm64' ? ['-mno-outline-atomics'] : [];
  // Without debug information: to debug the addon, build it from source.
  return ['-g0', '-s', '-static-libgcc', ...atomics];
}

function libraryOptions(target) {
  return target.newestGlibc === undefined ? muslOptions(target) : oldGlibcOptions();
}

/**
 * The compiler's glibc is newer than that of many machines, and has moved functions between libraries. The addon links
 * to the old versions in the old libraries; newer glibcs still have these libraries, empty.
 */
function oldGlibcOptions() {
  return [
    '-include',
    'old-glibc.h',
    '-Wl,--no-as-needed',
    '-l:libdl.so.2',
    '-l:libpthread.so.0',
    '-l:librt.so.1',
  ];
}
