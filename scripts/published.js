import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prebuild/paths.js';

/** The package.json in a folder. */
export function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The packages on npm: their folder and package.json. Private packages are bundled into others. */
export const published = readPackage(root)
  .workspaces.map((folder) => ({ folder, ...readPackage(join(root, folder)) }))
  .filter((each) => each.private !== true);
