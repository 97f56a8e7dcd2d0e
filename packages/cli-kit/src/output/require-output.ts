import { fstatSync, readFileSync } from 'node:fs';
import { EXIT, ExitError } from '../exit/exit-codes.js';

const STDOUT = 1;

/** The device number of /dev/null: major 1, minor 3. */
const NULL_DEVICE = 0x103;

/** O_ACCMODE and O_RDWR of open(2). */
const ACCESS = 0o3;
const READ_AND_WRITE = 0o2;

/**
 * Whether what is written to standard output is lost although no one asked for that. Where it is closed at the start,
 * Node.js opens /dev/null for reading and writing in its place, as daemon(3) does; `>/dev/null` opens it for writing only.
 */
function losesOutput(): boolean {
  try {
    if (fstatSync(STDOUT).rdev !== NULL_DEVICE) return false;
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${STDOUT}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS) === READ_AND_WRITE;
  } catch {
    // No /proc, as on macOS.
    return false;
  }
}

/** For commands whose output is the only copy of what they take. @throws ExitError */
export function requireOutput(name: string): void {
  if (!losesOutput()) return;
  throw new ExitError(
    EXIT.failed,
    `standard output is closed or ignored, so ${name} would be lost; nothing done (\`>/dev/null\` discards on purpose)`,
  );
}
