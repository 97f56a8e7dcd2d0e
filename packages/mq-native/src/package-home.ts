import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of this package: of its addon, and of the script that builds it. A bundle has another file in the place of
 * this one (scripts/bundle/native-package.js), since the addon does not move with the script.
 */
export const home = dirname(fileURLToPath(new URL('.', import.meta.url)));

/** Loads an addon. */
export const load: (file: string) => unknown = createRequire(import.meta.url);
