import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../helpers/node.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package as `npm publish` would send it. */
export interface Packed {
  readonly name: string;
  /** The tarball. */
  readonly path: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** Relative to the package. */
  readonly files: readonly string[];
}

/** The packages that are published, by their folders below packages/. */
export const packages = [
  'mq-native',
  'time-protocol',
  'nats',
  'time-server',
  'time-client',
  'ipctools',
  'bridge',
] as const;

const bundleLibrary = join(root, 'scripts', 'bundle-library.js');

/** The name of the addon that is made for this machine. */
export const target = `${process.platform}-${process.arch}${libc()}`;

function libc(): string {
  if (process.platform !== 'linux') return '';
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime === undefined ? '-musl' : '-glibc';
}

/** A folder that is deleted by `remove`. */
export class Scratch {
  readonly path = mkdtempSync(join(tmpdir(), 'timeq-packages-'));

  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Packs all packages as scripts/pack.js does; the binding with this machine's addon as its only prebuilt one, or with none. */
export function packAll(scratch: Scratch, o: { prebuilt: boolean }): Packed[] {
  const staging = scratch.folder(o.prebuilt ? 'with-addon' : 'without-addon');
  const folders = packages.map((name) => {
    const folder = join(staging, name);
    const source = join(root, 'packages', name);
    cpSync(source, folder, { recursive: true, filter: (path) => path !== join(source, 'prebuilds') });
    return folder;
  });
  if (o.prebuilt) {
    const prebuild = join(staging, 'mq-native', 'prebuilds', target);
    mkdirSync(prebuild, { recursive: true });
    const built = join(root, 'packages', 'mq-native', 'build', 'mq_native.node');
    cpSync(built, join(prebuild, 'mq_native.node'));
  }
  const { status, stderr } = spawnSync(process.execPath, [bundleLibrary, ...folders], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return pack(staging, folders);
}

/** Packs what the packages depend on, so that nothing is asked of a registry. */
export function packDependencies(scratch: Scratch): Packed[] {
  const found = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const name of Object.keys(manifestIn(folder).dependencies ?? {})) {
      if (name.startsWith('@timeq/') || found.has(name)) continue;
      const home = installedFolder(folder, name);
      found.set(name, home);
      visit(home);
    }
  };
  for (const name of packages) visit(join(root, 'packages', name));
  const copies = [...found.values()].map((home, index) =>
    withoutScripts(home, scratch.folder(`source-${index}`)),
  );
  return pack(scratch.folder('dependencies'), copies);
}

/** A copy of an installed package that has no scripts: npm 10 runs `prepare` of a folder that it packs, whatever it is told. */
function withoutScripts(home: string, copy: string): string {
  cpSync(home, copy, { recursive: true, filter: (path) => path !== join(home, 'node_modules') });
  const path = join(copy, 'package.json');
  const { scripts: _, ...manifest } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify(manifest));
  return copy;
}

/** An empty project into which the tarballs were installed, with no script allowed and no registry asked. */
export function install(scratch: Scratch, name: string, tarballs: readonly Packed[]): string {
  const project = scratch.folder(name);
  const dependencies = Object.fromEntries(tarballs.map((packed) => [packed.name, `file:${packed.path}`]));
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ private: true, dependencies, overrides: dependencies }),
  );
  npm(project, ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--no-package-lock']);
  return project;
}

function pack(folder: string, packageFolders: readonly string[]): Packed[] {
  const output = npm(folder, ['pack', '--json', '--ignore-scripts', ...packageFolders]);
  interface Report {
    name: string;
    filename: string;
    size: number;
    unpackedSize: number;
    files: ReadonlyArray<{ path: string }>;
  }
  const reports = JSON.parse(output) as Report[] | Record<string, Report>;
  return Object.values(reports).map((report) => ({
    name: report.name,
    path: join(folder, report.filename),
    bytes: report.size,
    unpackedBytes: report.unpackedSize,
    files: report.files.map(({ path }) => path).toSorted(),
  }));
}

function npm(cwd: string, npmArguments: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync('npm', npmArguments, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw error ?? new Error(`npm ${npmArguments.join(' ')}: ${stderr}`);
  return stdout;
}

/** Where Node finds a package from a folder. */
function installedFolder(from: string, name: string): string {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const home = places
    .map((place) => join(place, name))
    .find((place) => existsSync(join(place, 'package.json')));
  if (home === undefined) throw new Error(`${name} is not installed for ${dirname(from)}`);
  return home;
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
