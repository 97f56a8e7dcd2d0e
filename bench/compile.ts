import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const done = new Set<string>();

/** Compiles programs/`name`.c with the machine's own compiler, once for each run of the suite. @returns the binary */
export function compiled(name: string): string {
  return compile(name, name, []);
}

/** Compiles it as a library to preload into another program. */
export function compiledLibrary(name: string): string {
  // -fno-builtin: the compiler must not assume the standard malloc.
  return compile(name, `${name}.so`, ['-shared', '-fPIC', '-fno-builtin']);
}

function compile(name: string, output: string, options: string[]): string {
  const folder = fileURLToPath(new URL('../build/', import.meta.url));
  const binary = `${folder}${output}`;
  if (done.has(output)) return binary;
  mkdirSync(folder, { recursive: true });
  const source = fileURLToPath(new URL(`../programs/${name}.c`, import.meta.url));
  // Another run may execute it meanwhile, or compile it, too.
  const own = `${binary}.${process.pid}`;
  execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-Wextra', ...options, '-o', own, source], {
    stdio: 'inherit',
  });
  renameSync(own, binary);
  done.add(output);
  return binary;
}
