import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../helpers/folder.js';
import { rolldown, type InputOptions } from 'rolldown';
import { root } from '../helpers/node.js';

const options = async (): Promise<InputOptions> => {
  const module: unknown = await import(pathToFileURL(join(root, 'scripts', 'bundle', 'warnings.js')).href);
  return (module as { failOnWarnings: InputOptions }).failOnWarnings;
};

/** Bundles a program with the options of the commands' bundles; `renderChunk` may take its time. */
async function bundle(
  t: TestContext,
  program: string,
  renderChunk: () => void = () => undefined,
): Promise<void> {
  const folder = temporaryFolder(t);
  const input = join(folder, 'main.js');
  writeFileSync(input, program);
  const build = await rolldown({
    input,
    platform: 'node',
    plugins: [{ name: 'slow', renderChunk }],
    ...(await options()),
  });
  try {
    await build.write({ dir: join(folder, 'output') });
  } finally {
    await build.close();
  }
}

test('a slow machine bundles the commands as well, although the bundler warns of it', async (t) => {
  // The bundler warns from three seconds on.
  await bundle(t, 'console.log(1);', () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
  });
});

test('any other warning of the bundler is an error', async (t) => {
  await assert.rejects(bundle(t, 'console.log(eval("1"));'), /eval/);
});
