// The step that compiles the TypeScript. tsc itself detects that nothing changed, but takes a while for
// that, and does not notice deleted output.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockHash } from './dependencies.js';
import { root } from './root.js';
import { hashOf, Stamp } from './stamp.js';
import { runStep } from './step.js';

const stamp = new Stamp('compilation');

export function isCurrent() {
  const last = stamp.read();
  if (last === undefined) return false;
  const projects = readProjects();
  return last === inputsHash(projects) && hasAllOutputs(projects);
}

export async function run() {
  const projects = readProjects();
  const inputs = inputsHash(projects);
  const force = stamp.read() === undefined || !hasAllOutputs(projects);
  stamp.clear();
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await runStep('Compiling', process.execPath, [tsc, '-b', ...(force ? ['--force'] : [])]);
  removeOrphans(projects);
  stamp.write(inputs);
}

/** Output of files that were moved or removed: tsc leaves it, and it would be published. */
function removeOrphans(projects) {
  for (const { output, files } of projects) {
    const sources = new Set(files);
    for (const name of readdirSync(output, { recursive: true })) {
      const source = name.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
      if (source !== name && !sources.has(source)) rmSync(join(output, name));
    }
  }
}

function readProjects() {
  const solution = readConfiguration(join(root, 'tsconfig.json'));
  return solution.references.map(({ path }) => {
    const home = resolve(root, path);
    const { rootDir, outDir } = readConfiguration(join(home, 'tsconfig.json')).compilerOptions;
    const output = resolve(home, outDir);
    return { home, source: resolve(home, rootDir), output, files: filesIn(resolve(home, rootDir), output) };
  });
}

function readConfiguration(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Every TypeScript file below a folder, as paths relative to it. */
function filesIn(folder, output, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) return join(folder, path) === output ? [] : filesIn(folder, output, path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

function inputsHash(projects) {
  const files = projects.flatMap(({ home, source, files: names }) => [
    join(home, 'tsconfig.json'),
    join(home, 'package.json'),
    ...names.map((name) => join(source, name)),
  ]);
  files.push(join(root, 'tsconfig.json'), join(root, 'tsconfig.base.json'));
  return hashOf(lockHash(), ...files.toSorted().map(stateOf));
}

// ctime, not mtime: copying tools set mtime back, but no program can set ctime (stat(2)).
function stateOf(path) {
  const state = statSync(path, { throwIfNoEntry: false });
  return state ? `${path} ${state.size} ${state.ctimeMs}` : path;
}

function hasAllOutputs(projects) {
  return projects.every(({ output, files }) =>
    files.every((name) => name.endsWith('.d.ts') || isThere(join(output, name.replace(/\.ts$/, '.js')))),
  );
}

function isThere(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
