import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prebuild/paths.js';

/** The package.json in a folder. */
export function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The packages that go to npm: their folder, and what their package.json says. What is private is bundled into others. */
export const published = readPackage(root)
  .workspaces.map((folder) => ({ folder, ...readPackage(join(root, folder)) }))
  .filter((each) => each.private !== true);
