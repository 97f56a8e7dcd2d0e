import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { skipOrFail } from './commands.js';
import { start, type RunningProcess, type StartOptions } from './process.js';

interface Peer {
  readonly command: string;
  /** The option before a program's text. */
  readonly textOption: string;
  /** Arguments with which it exits with 0 if its System V module is installed. */
  readonly probe: readonly string[];
  readonly missing: string;
}

const peers = {
  python: {
    command: '/usr/bin/python3',
    textOption: '-c',
    probe: ['-c', 'import sysv_ipc'],
    missing: '/usr/bin/python3 has no module sysv_ipc (Debian: python3-sysv-ipc)',
  },
  perl: {
    command: 'perl',
    textOption: '-e',
    probe: ['-MIPC::Msg', '-e', '1'],
    missing: 'perl has no module IPC::Msg (Debian: perl)',
  },
  php: {
    command: 'php',
    textOption: '-r',
    probe: ['-r', 'exit(function_exists("msg_send") ? 0 : 1);'],
    missing: 'php has no extension sysvmsg (Debian: php-cli)',
  },
} satisfies Record<string, Peer>;

export type PeerName = keyof typeof peers;

/**
 * For a test's `skip` option: false if the peer is installed, otherwise the reason to skip the test. Throws in CI,
 * where no test may be skipped; the test file then fails.
 */
export function skipWithout(name: PeerName): string | false {
  const { command, probe, missing } = peers[name];
  if (spawnSync(command, probe, { stdio: 'ignore' }).status === 0) return false;
  return skipOrFail(missing);
}

/** Starts a program in another language. `text` is its source; PHP's has no opening tag. */
export function startPeer(
  t: TestContext,
  name: PeerName,
  text: string,
  peerArguments: ReadonlyArray<string | number> = [],
  options?: StartOptions,
): RunningProcess {
  const { command, textOption } = peers[name];
  const separator = name === 'python' ? [] : ['--'];
  return start(t, command, [textOption, text, ...separator, ...peerArguments.map(String)], options);
}
