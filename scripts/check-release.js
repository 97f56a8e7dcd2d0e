// Runs before each package is published (prepublishOnly): refuses a package that users could not install or trust.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest, recordOf, sourcesHash } from './prebuild/manifest.js';
import { addonOf, root } from './prebuild/paths.js';
import { targets } from './prebuild/targets.js';
import { published, readPackage } from './published.js';

/** The problems of the addons, in sentences. */
function prebuildProblems() {
  const manifest = readManifest();
  if (manifest === undefined) return ['No addon was prebuilt: run "npm run prebuilds"'];
  if (manifest.sources !== sourcesHash()) {
    return ['The prebuilt addons are of other C sources than these: run "npm run prebuilds"'];
  }
  return targets.flatMap(({ name }) => {
    const addon = addonOf(name);
    if (!existsSync(addon)) return [`The addon for ${name} is missing: run "npm run prebuilds"`];
    if (manifest.targets[name]?.sha256 === recordOf(addon).sha256) return [];
    return [`The addon for ${name} is not the one that was checked: run "npm run prebuilds"`];
  });
}

/** One version for all: a server and a client of the same number fit together. */
function versionProblems() {
  const { version } = readPackage(root);
  return published.flatMap(({ name, version: own, dependencies = {} }) => [
    ...(own === version ? [] : [`${name} has version ${own} and the root has ${version}`]),
    ...Object.entries(dependencies)
      .filter(([other, range]) => other.startsWith('@timeq/') && range !== version)
      .map(([other, range]) => `${name} asks for ${other} ${range} and not for ${version}`),
  ]);
}

function contentProblems() {
  return published.flatMap(({ folder, name, repository, bin }) => [
    ...['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', ...(bin ? ['build/main.cjs'] : [])]
      .filter((file) => !existsSync(join(root, folder, file)))
      .map((file) => `${name} has no ${file}`),
    // npm compares it with where the release was built.
    ...(repository === undefined
      ? [`${name} has no "repository" in its package.json, which provenance needs`]
      : []),
  ]);
}

const problems = [...prebuildProblems(), ...versionProblems(), ...contentProblems()];
for (const problem of problems) console.error(`check-release: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
