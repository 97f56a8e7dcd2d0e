import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from './folder.js';
import { root } from './node.js';

interface ApiHeaders {
  readonly include_dir: string;
}

/** Compiles a C program. @returns its file, which is deleted when the test ends */
export function compileProgram(t: TestContext, file: string): string {
  const folder = temporaryFolder(t);
  const program = join(folder, 'program');
  compile(['-O1', file, '-o', program]);
  return program;
}

/**
 * Compiles C into a shared library, to `require` as an addon or to preload with LD_PRELOAD. It uses the compiler that
 * builds the addon.
 * @returns its file, which is deleted when the test ends
 */
export function compileLibrary(t: TestContext, source: string): string {
  const folder = temporaryFolder(t);
  const { include_dir: headers } = createRequire(join(root, 'packages/mq-native/package.json'))(
    'node-api-headers',
  ) as ApiHeaders;
  const text = join(folder, 'library.c');
  const library = join(folder, 'library.node');
  writeFileSync(text, source);
  const options = ['-D_GNU_SOURCE', '-DNAPI_VERSION=8', '-shared', '-fPIC', '-pthread', '-I', headers];
  compile([...options, text, '-o', library, '-ldl']);
  return library;
}

/** Whether a sanitizer is preloaded: its library has to come first, and it intercepts the calls itself. */
export const skipWherePreloaded = process.env['LD_PRELOAD'] ? 'another library is preloaded already' : false;

/**
 * The environment of a process with a preloaded library. LD_PRELOAD gets the file name only: the loader splits
 * its value at spaces, and the path may contain one (ld.so(8)).
 */
export function preloaded(library: string): Record<string, string> {
  return { LD_PRELOAD: basename(library), LD_LIBRARY_PATH: dirname(library) };
}

function compile(words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.env['CC'] ?? 'cc', words, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}
