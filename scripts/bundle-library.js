// Bundles the library of a package as it is published: "node scripts/bundle-library.js FOLDER..." replaces the compiled
// modules below FOLDER/dist by one file for each entry of the package and one for what these share, and keeps the types
// that the entries mention. FOLDER is a copy of the package: in the checkout, tests and mistakes are about single
// modules. See docs/adr/012-bundled-commands.md.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { plainAscii } from './bundle/plain-ascii.js';
import { failOnWarnings } from './bundle/warnings.js';
import { readPackage } from './published.js';

/** The modules that others import the package by, as rolldown names them: `message-slots/index` for that file in dist. */
function entriesOf(folder) {
  const modules = Object.values(readPackage(folder).exports).flatMap((entry) => entry.default ?? []);
  return Object.fromEntries(
    modules.map((module) => [relative('dist', module).replace(/\.js$/, ''), join(folder, module)]),
  );
}

/** The types that a module and its imports mention. */
function typesOf(module, found = new Set()) {
  const types = module.replace(/\.js$/, '.d.ts');
  if (found.has(types)) return found;
  found.add(types);
  for (const [, path] of readFileSync(types, 'utf8').matchAll(/\b(?:from|import)[ (]["'](\.[^"']+)["']/g)) {
    typesOf(join(dirname(types), path), found);
  }
  return found;
}

async function bundleLibrary(folder) {
  const entries = entriesOf(folder);
  const build = await rolldown({
    input: entries,
    platform: 'node',
    tsconfig: false,
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
    plugins: [plainAscii()],
    ...failOnWarnings,
  });
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
    // Not minified, so that stack traces are readable and match the file.
    minify: false,
  });
  await build.close();

  const types = new Set(Object.values(entries).flatMap((entry) => [...typesOf(entry)]));
  const dist = join(folder, 'dist');
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = join(dist, name);
    if (/\.(js|ts)$/.test(name) && !types.has(file)) rmSync(file);
  }
  for (const { fileName, code } of output) {
    const file = join(dist, fileName);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
}

for (const folder of process.argv.slice(2)) await bundleLibrary(folder);
