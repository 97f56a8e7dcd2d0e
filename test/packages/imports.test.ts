import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { root } from '../helpers/node.js';

/** What a module imports, types and what it loads later included: `ipctools/cli/main` and, of other packages, `mq-native`. */
function importsOf(module: string, text: string): string[] {
  const words = [
    ...text.matchAll(/^(?:import|export)\b[^;']*?from '([^']+)';/gm),
    ...text.matchAll(/\bimport\('([^']+)'\)/g),
  ].map(([, word = '']) => word);
  return words
    .filter((word) => word.startsWith('.') || word.startsWith('@timeq/'))
    .map((word) => (word.startsWith('.') ? join(dirname(module), word).replace(/\.js$/, '') : word.slice(7)));
}

/** The modules of all packages; those of the page are `console/page/main` and the like. */
const imports = new Map(
  readdirSync(join(root, 'packages')).flatMap((name) =>
    ['.', 'page'].flatMap((part) => {
      const folder = join(root, 'packages', name, part, 'src');
      const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
      return files
        .filter((file) => file.endsWith('.ts'))
        .map((file): [string, string[]] => {
          const module = join(name, part, file.replace(/\.ts$/, ''));
          return [module, importsOf(module, readFileSync(join(folder, file), 'utf8'))];
        });
    }),
  ),
);

/** Where the paths of two modules part: `cli-kit/text` and `cli-kit/output` of `cli-kit/text/width` and `cli-kit/output/pager`. */
function partingOf(from: string, to: string): readonly [from: string, to: string] {
  const [one, other] = [from.split('/'), to.split('/')];
  const parting = one.findIndex((name, index) => name !== other[index]) + 1;
  return [one.slice(0, parting).join('/'), other.slice(0, parting).join('/')];
}

test('no package, folder or module imports itself by way of others beside it', () => {
  const arrows = new Map<string, Set<string>>();
  for (const [module, words] of imports) {
    for (const word of words) {
      const [from, to] = partingOf(module, word);
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (place: string, way: readonly string[]): void => {
    if (way.includes(place)) circles.push([...way.slice(way.indexOf(place)), place].join(' -> '));
    if (done.has(place) || way.includes(place)) return;
    for (const next of arrows.get(place) ?? []) visit(next, [...way, place]);
    done.add(place);
  };
  for (const place of arrows.keys()) visit(place, []);
  assert.deepEqual(circles, []);
  assert.ok(imports.size > 300, `only ${imports.size} modules were found`);
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

test('in ipctools only the check of a server knows the time client', () => {
  const others = [...imports].filter(
    ([module, words]) =>
      module.startsWith('ipctools/') &&
      module !== CHECK_OF_A_SERVER &&
      words.some((word) => word.startsWith('time-')),
  );
  assert.deepEqual(others, []);
});
