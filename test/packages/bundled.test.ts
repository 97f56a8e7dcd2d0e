import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { rolldown, type RolldownOptions } from 'rolldown';
import { root, runNode } from '../helpers/node.js';
import { Scratch } from './project.js';

const program = `
  import { MessageQueue } from '@timeq/mq-native';
  const queue = MessageQueue.createPrivate();
  setTimeout(() => queue.trySend(5, 'hello'), 10);
  queue.receive().then(({ type, body }) => {
    queue.remove();
    console.log(type, body.toString());
  });`;

describe('a program that a bundler has bundled', () => {
  const scratch = new Scratch();
  const input = join(scratch.folder('source'), 'main.js');
  const output = scratch.folder('output');

  before(() => {
    const home = join(scratch.path, 'source', 'node_modules', '@timeq', 'mq-native');
    for (const part of ['dist', 'build', 'package.json']) {
      cpSync(join(root, 'packages', 'mq-native', part), join(home, part), { recursive: true });
    }
    cpSync(join(scratch.path, 'source', 'node_modules'), join(scratch.folder('external'), 'node_modules'), {
      recursive: true,
    });
    writeFileSync(input, program);
  });
  after(() => {
    scratch.remove();
  });

  /** @returns the warnings */
  async function bundle(
    file: string,
    format: 'esm' | 'cjs',
    options: RolldownOptions = {},
  ): Promise<string[]> {
    const warnings: string[] = [];
    const build = await rolldown({
      input,
      platform: 'node',
      onLog: (level, { message }) => void (level === 'warn' && warnings.push(message)),
      ...options,
    });
    await build.write({ file, format });
    await build.close();
    return warnings;
  }

  for (const { title, format, options } of [
    { title: 'an ES module', format: 'esm', options: {} },
    { title: 'CommonJS', format: 'cjs', options: {} },
    // As esbuild does it.
    {
      title: 'CommonJS without import.meta',
      format: 'cjs',
      options: { transform: { define: { 'import.meta.url': 'undefined' } } },
    },
  ] as const) {
    it(`as ${title}, with the binding in it, says what to tell the bundler`, async (t) => {
      const file = join(output, `inside.${format === 'esm' ? 'mjs' : 'cjs'}`);
      assert.deepEqual(await bundle(file, format, options), []);
      const { stderr, code } = await runNode(t, [file]);
      assert.match(
        stderr,
        /AddonError: @timeq\/mq-native .* bundled: mark @timeq\/mq-native external, so that /,
      );
      assert.equal(code, 1);
    });
  }

  for (const format of ['esm', 'cjs'] as const) {
    it(`as ${format}, with the binding marked external, works beside node_modules`, async (t) => {
      const file = join(scratch.path, 'external', `main.${format === 'esm' ? 'mjs' : 'cjs'}`);
      assert.deepEqual(await bundle(file, format, { external: ['@timeq/mq-native'] }), []);
      const { stdout } = await runNode(t, ['--no-warnings', file]);
      assert.equal(stdout, '5 hello\n');
    });
  }
});
