import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { root } from '../helpers/node.js';

const PACKAGES = [
  'cli-kit',
  'mq-native',
  'time-protocol',
  'nats',
  'time-server',
  'time-client',
  'console',
  'ipctools',
  'bridge',
];

/** The folders and files of ipctools from the bottom up: each imports only from those before it, and from itself. */
const LAYERS = [
  ['failure', 'version'],
  ['format'],
  ['processes'],
  ['model'],
  ['messages'],
  ['evidence'],
  ['backup', 'watch', 'metrics'],
  ['cleaning', 'moving', 'posix'],
  ['render', 'compat'],
  ['cli', 'index'],
];

/** What each module imports, types and what it loads later included: `ipctools/cli/main` and, of other packages, `mq-native`. */
function readImports(): ReadonlyMap<string, readonly string[]> {
  const imports = new Map<string, string[]>();
  for (const name of PACKAGES) {
    const folder = join(root, 'packages', name, 'src');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const module = `${name}/${file.replace(/\.ts$/, '')}`;
      const text = readFileSync(join(folder, file), 'utf8');
      const words = [
        ...text.matchAll(/^(?:import|export)\b[^;']*?from '([^']+)';/gm),
        ...text.matchAll(/\bimport\('([^']+)'\)/g),
      ].map(([, word = '']) => word);
      imports.set(
        module,
        words
          .filter((word) => word.startsWith('.') || word.startsWith('@timeq/'))
          .map((word) =>
            word.startsWith('.') ? join(dirname(module), word).replace(/\.js$/, '') : word.slice(7),
          ),
      );
    }
  }
  return imports;
}

const imports = readImports();

test('no module imports itself by way of others', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (module: string, way: readonly string[]): void => {
    if (way.includes(module)) circles.push([...way.slice(way.indexOf(module)), module].join(' -> '));
    if (done.has(module) || way.includes(module)) return;
    for (const next of imports.get(module) ?? []) visit(next, [...way, module]);
    done.add(module);
  };
  for (const module of imports.keys()) visit(module, []);
  assert.deepEqual(circles, []);
  assert.ok(done.size > 300, `only ${done.size} modules were found`);
});

test('cli-kit is used by commands only, and knows none of them', () => {
  const strangers = [...imports].flatMap(([module, words]) =>
    words
      .filter((word) => word.startsWith('cli-kit/') !== module.startsWith('cli-kit/'))
      .filter((word) => module.startsWith('cli-kit/') || word.startsWith('cli-kit/'))
      .filter(() => !/^[\w-]+\/(cli|render|compat|posix)\//.test(module))
      .map((word) => `${module} -> ${word}`),
  );
  assert.deepEqual(strangers, []);
});

// `check --expect-server` and `metrics` ask as any client does.
const CHECK_OF_A_SERVER = 'ipctools/cli/check/server';

test('in ipctools imports point downwards, and only the check of a server knows the time client', () => {
  const layerOf = (module: string): number =>
    LAYERS.findIndex((names) => names.includes(module.split('/')[1] ?? ''));
  const upwards = [...imports].flatMap(([module, words]) =>
    module.startsWith('ipctools/') && module !== CHECK_OF_A_SERVER
      ? words
          .filter((word) => word.startsWith('time-') || layerOf(module) < layerOf(word))
          .filter((word) => !word.startsWith('cli-kit/') && !word.startsWith('mq-native'))
          .map((word) => `${module} -> ${word}`)
      : [],
  );
  assert.deepEqual(upwards, []);
  const unplaced = [...imports.keys()].filter(
    (module) => module.startsWith('ipctools/') && layerOf(module) < 0,
  );
  assert.deepEqual(unplaced, []);
});
