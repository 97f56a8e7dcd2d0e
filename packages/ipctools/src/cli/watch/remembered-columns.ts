import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, stateFolder } from '../../backup/state-folder.js';
import { codeOf, Failure } from '../../failure.js';

/** Columns are few words; more is no file of ours. */
const LONGEST = 1000;

/** $XDG_STATE_HOME/timeq/watch-columns */
function columnsFile(): string {
  return join(stateFolder(), 'watch-columns');
}

/** The list that was remembered; undefined if there is none, or it can't be read. */
export function rememberedColumns(): string | undefined {
  try {
    const list = readFileSync(columnsFile(), 'utf8').trim();
    return list === '' || list.length > LONGEST ? undefined : list;
  } catch {
    return undefined;
  }
}

/** Remembers a list. @returns why it could not, in a sentence */
export function rememberColumns(list: string): string | undefined {
  let file = 'their file';
  try {
    file = columnsFile();
    makeFolder(dirname(file));
    writeFileSync(file, `${list}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return `the columns are for this time only: ${error.message}`;
    if (codeOf(error) === undefined) throw error;
    return `the columns are for this time only: ${file} can't be written (${codeOf(error)})`;
  }
}
