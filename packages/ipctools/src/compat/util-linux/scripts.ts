import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UTIL_LINUX } from './programs.js';

// Scripts and not links to bin/ipctools.js: its first line looks for node, which cron's PATH often lacks.

export const NAMES: readonly string[] = [...UTIL_LINUX.keys()];

/** The second line of each script, by which it is known again. */
const MARK = '# Made by `ipctools drop-ins --install`.';

/** What is at a path: one of the scripts, nothing, or something else. */
export function lookAt(path: string): 'ours' | 'nothing' | 'other' {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing';
  return stats.isFile() && readFileSync(path, 'latin1').split('\n', 2)[1] === MARK ? 'ours' : 'other';
}

/**
 * Writes the script of a program; one that was written before is replaced, and nothing else.
 * @param entry bin/ipctools.js
 * @throws EEXIST and others of node:fs
 */
export function writeScript(name: string, path: string, entry: string): void {
  const text = `#!/bin/sh\n${MARK}\nexec ${quoted(process.execPath)} ${quoted(entry)} ${name} "$@"\n`;
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, text, { mode: 0o755, flag: 'wx' });
  try {
    // Unlike a rename, a link never replaces what came meanwhile.
    if (lookAt(path) === 'ours') renameSync(whole, path);
    else linkSync(whole, path);
  } finally {
    rmSync(whole, { force: true });
  }
}

/** As one word of sh(1). */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
