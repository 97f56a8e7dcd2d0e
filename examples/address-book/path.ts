import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../parts/program.js';

/** The path of the file: as given, or address-book.sqlite; relative to where the user is, which npm changes. */
export function bookPath(given = 'address-book.sqlite'): string {
  return resolve(process.env['INIT_CWD'] ?? '.', given);
}

/**
 * Makes an empty file if there is none: to SQLite that is an empty database, and to ftok a path that exists.
 * @throws Failure
 */
export function createBookFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new Failure(`The address book can't be kept at ${path}: ${(error as Error).message}`);
  }
}
