import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';
import { muslLibrary, muslOptions, muslStartFiles } from './musl.js';
import { home, root } from './paths.js';
import { architectureOf } from './targets.js';

/** Loads and uses the addon in Node.js or its substitute. Throws if that fails; returns a description. */
export function tryLoad(target, addon) {
  return target.newestGlibc === undefined ? driveWithoutNode(target, addon) : loadWithNode(target, addon);
}

function loadWithNode(target, addon) {
  const isOwn = architectureOf(target) === process.arch;
  const node = isOwn ? process.execPath : process.env[`NODE_${architectureOf(target).toUpperCase()}`];
  if (node === undefined) {
    return `not loaded: set NODE_${architectureOf(target).toUpperCase()} to a Node.js for this target`;
  }
  // qemu cannot run V8's compiled code reliably; the interpreter is slow but works.
  const command = isOwn ? [node] : [...target.emulator, node, '--jitless'];
  return capture([...command, join(import.meta.dirname, 'use-addon.js'), addon]);
}

/**
 * Neither Debian nor npm has a Node.js for musl. The harness of the sanitizers replaces it: it loads this very file
 * with musl's own loader, and drives the threads that wait.
 */
function driveWithoutNode(target, addon) {
  const folder = join(root, 'build', 'prebuild');
  mkdirSync(folder, { recursive: true });
  const harness = join(folder, `harness-${target.name}`);
  const sources = join(root, 'test', 'sanitizers', 'harness');
  const files = readdirSync(sources).filter((name) => name.endsWith('.c'));
  capture([
    target.compiler,
    ...[
      '-std=c11',
      '-D_GNU_SOURCE',
      '-DNAPI_VERSION=8',
      '-O2',
      '-pthread',
      '-rdynamic',
      '-fno-pie',
      '-no-pie',
    ],
    ...(architectureOf(target) === 'arm64' ? ['-mno-outline-atomics'] : []),
    ...['-I', createRequire(import.meta.url)('node-api-headers').include_dir, '-I', join(home, 'native')],
    ...muslStartFiles(target),
    ...files.map((name) => join(sources, name)),
    addon,
    ...muslOptions(target),
    ...['-lgcc', '-o', harness],
  ]);
  const isOwn = architectureOf(target) === process.arch;
  const loader = [...(isOwn ? [] : target.emulator), muslLibrary(target)];
  const said = capture([...loader, harness, '1', isOwn ? '10' : '2', '300']);
  return `driven by musl's own loader without Node.js: ${said}`;
}

function capture([command, ...commandArguments]) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, commandArguments, {
    encoding: 'utf8',
  });
  if (error || status !== 0) {
    const reason = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
    throw new ExpectedError(`${command} ${commandArguments.join(' ')} failed (${reason}): ${stderr.trim()}`);
  }
  return stdout.trim();
}
