import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipWithoutCommands } from './commands.js';

/** The options of a user-mode Linux whose root is this machine's, only to be read. */
export const ownRoot = ['rootfstype=hostfs', 'rootflags=/', 'ro'];

/** The options of one that prints its first console, and nothing else. */
export const oneConsole = ['con=null', 'con0=null,fd:1', 'con1=null', 'ssl=null', 'quiet'];

/**
 * For a test's `skip` option: false if user-mode Linux, a kernel that is a process, runs here. Older ones end at once on
 * a processor with more registers than they know of (AVX-512, AMX): only an attempt tells.
 */
export function skipWithoutUserModeLinux(): string | false {
  return (
    skipWithoutCommands('linux.uml') ||
    (knowsProcessor() ? false : "linux.uml is too old for this processor's registers")
  );
}

function knowsProcessor(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'timeq-'));
  try {
    const options = ['mem=64M', ...ownRoot, 'init=/bin/true', ...oneConsole];
    const { stdout } = spawnSync('linux.uml', options, {
      env: { ...process.env, TMPDIR: folder, HOME: folder },
      encoding: 'latin1',
      timeout: 60_000,
    });
    return !stdout.includes('ptrace set fp regs failed');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
