import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** The C library that this Node was linked with, as it stands in the names of prebuilt files. */
function libc(): string {
  if (process.platform !== 'linux') return '';
  const header = (process.report.getReport() as { header?: { glibcVersionRuntime?: string } }).header;
  return header?.glibcVersionRuntime === undefined ? '-musl' : '-glibc';
}

/** Where the addon may be, best first: shipped with the package, then built on this machine. */
function candidates(): string[] {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const built = file('../build/mq_native.node');
  if (!existsSync(file('../prebuilds'))) return [built];
  return [file(`../prebuilds/${process.platform}-${process.arch}${libc()}/mq_native.node`), built];
}

/** Loads the native half, or says what to do about it. */
export function loadAddon(): unknown {
  const files = candidates();
  const found = files.find((file) => existsSync(file));
  if (found === undefined) {
    const script = fileURLToPath(new URL('../scripts/build-native.js', import.meta.url));
    throw new Error(
      `@timeq/mq-native has no addon for ${process.platform}-${process.arch}${libc()} yet: ` +
        `install a C compiler and run "node ${script}".`,
    );
  }
  try {
    return require(found);
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
