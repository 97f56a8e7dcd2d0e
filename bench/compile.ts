import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const done = new Set<string>();

/** Compiles programs/`name`.c with the machine's own compiler, once for each run of the suite. @returns the binary */
export function compiled(name: string): string {
  const folder = fileURLToPath(new URL('../build/', import.meta.url));
  const binary = `${folder}${name}`;
  if (done.has(name)) return binary;
  mkdirSync(folder, { recursive: true });
  const source = fileURLToPath(new URL(`../programs/${name}.c`, import.meta.url));
  execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-Wextra', '-o', binary, source], {
    stdio: 'inherit',
  });
  done.add(name);
  return binary;
}
