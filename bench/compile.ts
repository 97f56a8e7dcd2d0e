import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const done = new Set<string>();

/** Compiles programs/`name`.c with the machine's own compiler, once for each run of the suite. @returns the binary */
export function compiled(name: string): string {
  return compile(name, name, []);
}

/** The same as a library, to be preloaded into another program. */
export function compiledLibrary(name: string): string {
  // As it is, or the compiler would see through a malloc of our own.
  return compile(name, `${name}.so`, ['-shared', '-fPIC', '-fno-builtin']);
}

function compile(name: string, output: string, options: string[]): string {
  const folder = fileURLToPath(new URL('../build/', import.meta.url));
  const binary = `${folder}${output}`;
  if (done.has(output)) return binary;
  mkdirSync(folder, { recursive: true });
  const source = fileURLToPath(new URL(`../programs/${name}.c`, import.meta.url));
  execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-Wextra', ...options, '-o', binary, source], {
    stdio: 'inherit',
  });
  done.add(output);
  return binary;
}
