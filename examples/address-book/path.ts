import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../parts/program.js';

/** The path of the file: as given, or address-book.sqlite; relative to the user's folder, because npm changes the current one. */
export function bookPath(given = 'address-book.sqlite'): string {
  return resolve(process.env['INIT_CWD'] ?? '.', given);
}

/**
 * Creates an empty file if there is none: SQLite treats it as an empty database, and ftok needs an existing path.
 * @throws Failure
 */
export function createBookFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new Failure(`The address book can't be kept at ${path}: ${(error as Error).message}`);
  }
}
