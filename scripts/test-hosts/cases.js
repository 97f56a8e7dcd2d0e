// The hosts. Each case builds and runs the program, and makes one line of the table.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { program, testFile, waits } from './programs.js';
import { elsewhere, project, tool, versionOf } from './scratch.js';

const name = '@timeq/mq-native';
const advice = `bundled: mark ${name} external`;

function put(file, text) {
  const path = join(project, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const endings = { esm: 'mjs', cjs: 'cjs' };

/** For each bundler: the command that bundles main.mjs to a file. */
const bundlers = {
  esbuild: (format, file, external) => [
    tool('esbuild'),
    ...['main.mjs', '--bundle', '--platform=node', `--format=${format}`, `--outfile=${file}`],
    ...(external ? [`--external:${name}`] : []),
  ],
  rollup: (format, file, external) => [
    tool('rollup'),
    ...['main.mjs', '--silent', '--format', format, '--file', file],
    ...(external ? ['--external', name] : ['--plugin', 'node-resolve']),
  ],
  rolldown: (format, file, external) => [
    tool('rolldown'),
    ...['main.mjs', '--platform', 'node', '--format', format, '--file', file],
    ...(external ? ['--external', name] : []),
  ],
  webpack: (format, file, external) => {
    const config = put(
      `webpack.${format}.${external}.cjs`,
      `module.exports = {
        entry: './main.mjs', target: 'node', mode: 'production', optimization: { minimize: false },
        experiments: { outputModule: ${format === 'esm'} },
        externals: ${external ? `{ '${name}': '${format === 'esm' ? 'module' : 'node-commonjs'} ${name}' }` : '{}'},
        output: { path: ${JSON.stringify(project)}, filename: '${file}', module: ${format === 'esm'} },
      };`,
    );
    return [tool('webpack'), '--config', config];
  },
};

function bundlerCases() {
  return Object.entries(bundlers).flatMap(([bundler, command]) =>
    Object.entries(endings).flatMap(([format, ending]) =>
      [false, true].map((external) => ({
        host: `${bundler} ${versionOf(bundler)}`,
        what: `${format}, ${external ? 'external' : 'all in one'}`,
        expected: external ? 'works' : advice,
        steps: () => {
          const file = `${bundler}-${external ? 'external' : 'inside'}.${ending}`;
          return [command(format, file, external), runBundle(file, external)];
        },
      })),
    ),
  );
}

/** The step that runs a bundle: here, or as on another machine if it contains the binding. */
function runBundle(file, external) {
  const path = join(project, file);
  return external ? [process.execPath, path] : { from: path, to: join(elsewhere, basename(file)) };
}

const ncc = (external) => ({
  host: `ncc ${versionOf('@vercel/ncc')}`,
  what: `esm, ${external ? 'external' : 'all in one'}`,
  expected: external ? 'works' : advice,
  steps: () => {
    const folder = external ? 'ncc-external' : 'ncc-inside';
    const command = [tool('ncc'), 'build', 'main.mjs', '-o', folder, ...(external ? ['-e', name] : [])];
    return [command, runBundle(`${folder}/index.mjs`, external)];
  },
});

const bun = (what, expected, steps) => ({ host: `Bun ${versionOf('bun')}`, what, expected, steps });

/** A copy of node that contains the bundle, whose first line loads the binding from the folder of the executable. */
function singleExecutable() {
  const banner = "require = require('node:module').createRequire(process.execPath);";
  const config = { main: 'sea.cjs', output: 'sea.blob', disableExperimentalSEAWarning: true };
  put('sea.json', JSON.stringify(config));
  cpSync(process.execPath, join(project, 'sea'));
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  return [
    [...bundlers.esbuild('cjs', 'sea.cjs', true), `--banner:js=${banner}`],
    [process.execPath, '--experimental-sea-config', 'sea.json'],
    [tool('postject'), 'sea', 'NODE_SEA_BLOB', 'sea.blob', '--sentinel-fuse', fuse],
    [join(project, 'sea')],
  ];
}

export function allCases() {
  put('package.json', '{ "private": true }\n');
  put('main.mjs', program);
  put('waits.mjs', waits);
  put('jest-esm/a.test.mjs', testFile(`import { MessageQueue } from '${name}';`));
  put('jest-cjs/a.test.cjs', testFile(`const { MessageQueue } = require('${name}');`));
  put(
    'vitest/a.test.mjs',
    testFile(`import { expect, test } from 'vitest'; import { MessageQueue } from '${name}';`),
  );
  const jest = (what, expected, folder) => ({
    host: `Jest ${versionOf('jest')}`,
    what: `${what} (--experimental-vm-modules)`,
    expected,
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
    steps: () => [[tool('jest'), '--rootDir', folder, '--testMatch', '**/*.test.*']],
  });
  return [
    ...bundlerCases(),
    ncc(false),
    ncc(true),
    jest('ES modules', 'works', 'jest-esm'),
    // Its require() takes ES modules from Node.js 24.9 on.
    jest(
      'CommonJS',
      Number(process.versions.node.split('.')[0]) < 24 ? 'Must use import' : 'works',
      'jest-cjs',
    ),
    ...['forks', 'threads'].map((pool) => ({
      host: `Vitest ${versionOf('vitest')}`,
      what: `--pool=${pool}`,
      expected: 'works',
      steps: () => [[tool('vitest'), 'run', '--dir', 'vitest', `--pool=${pool}`]],
    })),
    {
      host: `Node.js ${process.versions.node}`,
      what: 'single executable, node_modules beside it',
      expected: 'works',
      steps: singleExecutable,
    },
    bun('bun main.mjs', 'works', () => [[tool('bun'), 'main.mjs']]),
    bun('every wait, and its end', 'works', () => [[tool('bun'), 'waits.mjs']]),
    bun('bun build, external', 'works', () => [
      [tool('bun'), 'build', 'main.mjs', '--target=bun', `--external=${name}`, '--outfile=bun.js'],
      [tool('bun'), 'bun.js'],
    ]),
    bun('bun build --compile', advice, () => [
      [tool('bun'), 'build', 'main.mjs', '--compile', '--outfile=bun-compiled'],
      [join(project, 'bun-compiled')],
    ]),
    {
      host: `Deno ${versionOf('deno')}`,
      what: 'deno run -A main.mjs',
      expected: 'does not run in Deno',
      steps: () => [[tool('deno'), 'run', '-A', 'main.mjs']],
    },
  ];
}
