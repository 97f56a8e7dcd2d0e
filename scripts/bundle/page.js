// Bundles what `ipctools serve` sends to the browser beside its command: a script, another one that the first chart loads,
// and one style sheet.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { licences } from './licences.js';
import { failOnWarnings } from './warnings.js';

const home = resolve(import.meta.dirname, '..', '..', 'packages', 'console', 'page');
const chart = createRequire(join(home, 'package.json')).resolve('uplot/dist/uPlot.min.css');

/** Writes the page into its own folder below a command's output. */
export async function bundlePage(output) {
  const folder = join(output, 'page');
  mkdirSync(folder, { recursive: true });
  const build = await rolldown({
    input: { page: join(home, 'dist', 'main.js') },
    platform: 'browser',
    plugins: [licences()],
    ...failOnWarnings,
  });
  try {
    await build.write({
      dir: folder,
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
      minify: true,
    });
  } finally {
    await build.close();
  }
  const styles = [chart, join(home, 'static', 'page.css')].map((path) => readFileSync(path, 'utf8'));
  writeFileSync(join(folder, 'page.css'), styles.join('\n'));
  for (const name of ['page.html', 'icon.svg']) copyFileSync(join(home, 'static', name), join(folder, name));
}
