import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { home, load } from './package-home.js';

/** Room for an executable's headers and the path of the program that loads it. */
const HEADER_BYTES = 4096;

/** The C library that this Node was linked with, as it stands in the names of prebuilt files. */
function libc(): string {
  if (process.platform !== 'linux') return '';
  const loader = /ld-(musl|linux)/.exec(readHeader(process.execPath))?.[1];
  if (loader !== undefined) return loader === 'musl' ? '-musl' : '-glibc';
  // Right as well, but it takes tens of milliseconds.
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime === undefined ? '-musl' : '-glibc';
}

/** The beginning of a file; empty if it may not be read. */
function readHeader(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(HEADER_BYTES);
      return header.toString('latin1', 0, readSync(file, header));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** The addon's file: what somebody built on this machine, else what came with the package. */
function findAddon(): string | undefined {
  const built = join(home, 'build', 'mq_native.node');
  if (existsSync(built)) return built;
  const prebuilds = join(home, 'prebuilds');
  if (!existsSync(prebuilds)) return undefined;
  const shipped = join(prebuilds, `${process.platform}-${process.arch}${libc()}`, 'mq_native.node');
  return existsSync(shipped) ? shipped : undefined;
}

/** Loads the native half, or says what to do about it. */
export function loadAddon(): unknown {
  const found = findAddon();
  if (found === undefined) {
    const script = join(home, 'scripts', 'build-native.js');
    throw new Error(
      `@timeq/mq-native has no addon for ${process.platform}-${process.arch}${libc()} yet: ` +
        `install a C compiler and run "node ${script}".`,
    );
  }
  try {
    return load(found);
  } catch (error) {
    throw new Error(`@timeq/mq-native could not load ${found}: ${loadAdvice(error)}`, { cause: error });
  }
}

function loadAdvice(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if ((error as { code?: string }).code === 'ERR_DLOPEN_DISABLED') {
    return 'native addons are switched off; start Node with --allow-addons.';
  }
  return /invalid ELF|wrong ELF|wrong architecture|GLIBC|musl/i.test(text)
    ? `it was built for another machine; delete it and build it here (${text})`
    : text;
}
