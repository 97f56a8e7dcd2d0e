import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../helpers/node.js';

const nativeFolder = join(root, 'packages', 'mq-native', 'native');

/** The script that compiles the addon. */
export const buildScript = join(root, 'packages', 'mq-native', 'scripts', 'build-native.js');

/** The addon's C files. */
export function nativeSources(): string[] {
  return cFilesIn(nativeFolder);
}

/** The C files that replace Node.js and drive the addon. */
export function harnessSources(): string[] {
  return cFilesIn(join(root, 'test', 'sanitizers', 'harness'));
}

/** Where the compiler finds the headers of both. */
export function includeOptions(): string[] {
  const api = createRequire(import.meta.url)('node-api-headers') as { include_dir: string };
  return ['-I', nativeFolder, '-I', api.include_dir];
}

/** An empty folder for the output of a check. */
export function freshFolder(name: string): string {
  const folder = join(root, 'build', 'sanitizers', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function cFilesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .toSorted()
    .map((name) => join(folder, name));
}
