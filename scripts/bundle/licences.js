// The licences of bundled packages require that their texts are included.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A plugin that writes LICENCES.txt beside the bundle; a package without a text of its own fails the build. */
export function licences() {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      const homes = new Set(modules.filter((id) => id.includes('/node_modules/')).map(homeOf));
      const texts = [...homes].map(licenceOf).toSorted((a, b) => (a < b ? -1 : 1));
      if (texts.length === 0) return;
      const source = `The files beside this one contain:\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
      this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source });
    },
  };
}

/** The folder of the package that a module belongs to. */
function homeOf(id) {
  let folder = dirname(id);
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

/** A package.json without a name only sets the module type of a folder. */
function isPackage(folder) {
  const path = join(folder, 'package.json');
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).name !== undefined;
}

function licenceOf(home) {
  const { name, version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const file = readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence text: leave it external`);
  return `${name} ${version}\n\n${readFileSync(join(home, file), 'utf8').trim()}\n`;
}
