// The folder outside of the checkout in which the hosts are installed, and a project that uses the binding.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';

const binding = resolve(import.meta.dirname, '..', '..', 'packages', 'mq-native');

/** The hosts, each with its tested version. */
const hosts = {
  '@rollup/plugin-node-resolve': '16.0.3',
  '@vercel/ncc': '0.45.0',
  bun: '1.4.5',
  deno: '2.9.6',
  esbuild: '0.28.2',
  jest: '30.5.2',
  postject: '1.0.0-alpha.6',
  rolldown: '1.3.2',
  rollup: '4.68.8',
  vitest: '4.1.12',
  webpack: '5.113.0',
  'webpack-cli': '7.3.1',
};

export const home = join(tmpdir(), `timeq-hosts-${process.getuid?.() ?? 0}`);
/** Where programs are written, with the binding in its node_modules. */
export const project = join(home, 'project');
/** The folder to run bundles that contain the binding: it has no node_modules. */
export const elsewhere = join(home, 'elsewhere');

/** Installs missing hosts, with the scripts that fetch the executables of esbuild, Bun and Deno. */
export function installHosts() {
  mkdirSync(home, { recursive: true });
  const wanted = `${JSON.stringify({ private: true, dependencies: hosts }, null, 2)}\n`;
  const manifest = join(home, 'package.json');
  if (!existsSync(manifest) || readFileSync(manifest, 'utf8') !== wanted) {
    writeFileSync(manifest, wanted);
    console.log(`Installing ${Object.keys(hosts).length} packages into ${home} ...`);
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: home,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) {
      rmSync(manifest);
      throw new ExpectedError('The hosts were not installed; npm says why above');
    }
  }
  for (const script of ['bun/install.js', 'deno/install.cjs', 'esbuild/install.js']) {
    const path = join(home, 'node_modules', script);
    spawnSync(process.execPath, [path], { cwd: dirname(path), stdio: 'ignore' });
  }
}

/** Creates the project again, with the current build of the binding. */
export function makeProject() {
  for (const folder of [project, elsewhere]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const part of ['dist', 'build', 'scripts', 'package.json']) {
    cpSync(join(binding, part), join(project, 'node_modules', '@timeq', 'mq-native', part), {
      recursive: true,
    });
  }
}

export function versionOf(name) {
  return JSON.parse(readFileSync(join(home, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** The executable that npm installed for a package. */
export function tool(name) {
  return join(home, 'node_modules', '.bin', name);
}
