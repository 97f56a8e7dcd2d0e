import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

// Bundlers that write CommonJS leave nothing of import.meta.
const here = import.meta.url as string | undefined;

/**
 * The folder of this package, around `dist`: of its addon, and of the script that builds it. Undefined in a bundle that
 * does not know its own place. The project's own commands replace this file (scripts/bundle/native-package.js), since
 * the addon does not move with the script.
 */
export const home: string | undefined = here === undefined ? undefined : around(fileURLToPath(here));

/** This module is in a file of its own in a checkout, and in a larger one where it was published. */
function around(file: string): string | undefined {
  const end = file.lastIndexOf(`${sep}dist${sep}`);
  return end === -1 ? undefined : file.slice(0, end);
}

/** Loads an addon. Bundlers look for createRequire in imports and replace it. */
export function load(file: string): unknown {
  return process.getBuiltinModule('node:module').createRequire(file)(file);
}
