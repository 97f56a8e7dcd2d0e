// Deletes the output of the set-up, except for node_modules.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
const made = /^(build|coverage|dist|.*\.tsbuildinfo)$/;

const others = ['bench', 'examples', 'test', 'packages/console/page'].map((name) => join(root, name));

for (const folder of [root, ...packages, ...others].filter(existsSync)) {
  for (const name of readdirSync(folder)) {
    if (made.test(name)) rmSync(join(folder, name), { recursive: true });
  }
}
rmSync(join(root, 'node_modules', '.cache', 'timeq'), { recursive: true, force: true });
