// Bundles each command line with all that it imports, from the compiled files to packages/NAME/build, and writes its
// manual pages there; of some packages only, if they are named. Node takes several times longer to find and read two hundred ES modules than a few CommonJS files;
// see docs/adr/012-bundled-commands.md.
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { groupsOf } from './bundle/chunks.js';
import { commands, outputOf } from './bundle/commands.js';
import { lazyBuiltins } from './bundle/lazy-builtins.js';
import { licences } from './bundle/licences.js';
import { writeManual } from './bundle/manual.js';
import { bundlePage } from './bundle/page.js';
import { nativePackage } from './bundle/native-package.js';
import { plainAscii } from './bundle/plain-ascii.js';
import { failOnWarnings } from './bundle/warnings.js';

async function bundle({ home, entry }) {
  const output = outputOf(home);
  rmSync(output, { recursive: true, force: true });
  const build = await rolldown({
    input: { main: join(home, entry) },
    platform: 'node',
    plugins: [nativePackage(), lazyBuiltins(), licences(), plainAscii()],
    ...failOnWarnings,
  });
  try {
    await build.write({
      dir: output,
      format: 'cjs',
      exports: 'named',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name].cjs',
      codeSplitting: { groups: groupsOf() },
      // Not minified, so that stack traces are readable and match the file.
      minify: false,
      comments: { legal: true, annotation: false, jsdoc: false },
    });
  } finally {
    await build.close();
  }
}

const named = process.argv.slice(2);
for (const command of commands) {
  if (named.length > 0 && !named.includes(basename(command.home))) continue;
  await bundle(command);
  if (command.name === 'ipctools') await bundlePage(outputOf(command.home));
  await writeManual(command);
}
