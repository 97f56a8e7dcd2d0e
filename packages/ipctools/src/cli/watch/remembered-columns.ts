import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { codeOf } from '../../failure.js';

/** Columns are few words; more is no file of ours. */
const LONGEST = 1000;

/** $XDG_STATE_HOME/timeq/watch-columns (XDG Base Directory Specification: a relative path is ignored). */
export function columnsFile(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_STATE_HOME: state = '' } = environment;
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'timeq', 'watch-columns');
}

/** The list that was remembered; undefined if there is none, or it can't be read. */
export function rememberedColumns(file = columnsFile()): string | undefined {
  try {
    const list = readFileSync(file, 'utf8').trim();
    return list === '' || list.length > LONGEST ? undefined : list;
  } catch {
    return undefined;
  }
}

/** Remembers a list. @returns why it could not, in a sentence */
export function rememberColumns(list: string, file = columnsFile()): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${list}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return `the columns are for this time only: ${file} can't be written (${codeOf(error)})`;
  }
}
