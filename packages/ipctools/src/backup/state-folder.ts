import { existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { codeOf, Failure } from '../failure.js';

/**
 * $XDG_STATE_HOME/timeq (XDG Base Directory Specification: a relative path is ignored).
 * @throws Failure if the user has no home folder
 */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = environment;
  if (isAbsolute(state)) return join(state, 'timeq');
  return join(isAbsolute(home) ? home : registeredHome(), '.local', 'state', 'timeq');
}

/** The home folder that the system has for this user. Containers run as users that it does not know. */
function registeredHome(): string {
  let home = '';
  try {
    home = userInfo().homedir;
  } catch {
    // The user has no entry.
  }
  if (isAbsolute(home)) return home;
  throw new Failure(
    'this user has no home folder, where backups would be; set HOME or XDG_STATE_HOME to a folder of its own',
  );
}

/** Creates a folder and those above it. mkdir of Node.js tries for ever where a mount such as /proc answers ENOENT. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
