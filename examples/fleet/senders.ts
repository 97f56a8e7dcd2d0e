import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program that sends numbered messages to the queue at key 0x80. Its last argument is their number. */
export interface Sender {
  readonly language: string;
  readonly command: string;
  readonly file: string;
}

interface Candidate {
  readonly language: string;
  readonly commands: readonly string[];
  /** Exits with 0 if the language's own System V module is installed. */
  readonly probe: readonly string[];
  readonly file: string;
  readonly missing: string;
}

const NODE: Sender = { language: 'Node.js', command: process.execPath, file: pathOf('./send.js') };

const CANDIDATES: readonly Candidate[] = [
  {
    language: 'PHP',
    commands: ['php'],
    probe: ['-r', 'exit(function_exists("msg_send") ? 0 : 1);'],
    file: pathOf('../../fleet/send.php'),
    missing: 'PHP with sysvmsg (apt install php-cli)',
  },
  {
    language: 'Python',
    commands: ['python3', '/usr/bin/python3'],
    probe: ['-c', 'import sysv_ipc'],
    file: pathOf('../../fleet/send.py'),
    missing: 'Python with sysv_ipc (apt install python3-sysv-ipc)',
  },
];

/** One for each host. Where a language is not installed it says so, and Node.js takes its place. */
export function installedSenders(): readonly Sender[] {
  const others = CANDIDATES.map(({ language, commands, probe, file, missing }): Sender => {
    const command = commands.find((each) => spawnSync(each, probe, { stdio: 'ignore' }).status === 0);
    if (command !== undefined) return { language, command, file };
    console.log(`${missing} is not installed: Node.js sends in its place`);
    return NODE;
  });
  return [...others, NODE];
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
