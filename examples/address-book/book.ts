import { rmdirSync } from 'node:fs';
import sqlite from 'node-sqlite3-wasm';
import { Failure } from '../parts/program.js';
import type { Entry, Found } from './entry.js';

const MOST_FOUND = 20;

/**
 * The entries in their SQLite file. Every change is a transaction of its own, written through to the disk (SQLite's
 * synchronous=FULL) before the call returns.
 */
export class Book {
  readonly #database: sqlite.Database;

  private constructor(database: sqlite.Database) {
    this.#database = database;
  }

  /**
   * Opens the file. The caller must be its only user.
   * @throws Failure if it is no SQLite database
   */
  static open(path: string): Book {
    removeStaleLock(path);
    try {
      const database = new sqlite.Database(path);
      database.exec(
        'CREATE TABLE IF NOT EXISTS entries (name TEXT PRIMARY KEY COLLATE NOCASE, phone TEXT NOT NULL) STRICT',
      );
      return new Book(database);
    } catch (error) {
      throw new Failure(`${path} can't be used as an address book: ${(error as Error).message}`);
    }
  }

  /** @returns false if the name has an entry already */
  add({ name, phone }: Entry): boolean {
    const sql = 'INSERT INTO entries (name, phone) VALUES (?, ?) ON CONFLICT (name) DO NOTHING';
    return this.#database.run(sql, [name, phone]).changes === 1;
  }

  /** @returns false if the name has no entry */
  remove(name: string): boolean {
    return this.#database.run('DELETE FROM entries WHERE name = ?', [name]).changes === 1;
  }

  /** The entries whose name contains the text, in alphabetical order. */
  find(text: string): Found {
    const matches = 'FROM entries WHERE instr(lower(name), lower(?)) > 0';
    const entries = this.#database.all(`SELECT name, phone ${matches} ORDER BY name LIMIT ${MOST_FOUND}`, [
      text,
    ]);
    const counted = this.#database.get(`SELECT count(*) AS count ${matches}`, [text]);
    return { entries: entries as unknown as Entry[], count: Number(counted?.['count']) };
  }

  count(): number {
    return this.find('').count;
  }

  close(): void {
    this.#database.close();
  }
}

/**
 * This SQLite locks a file with a directory beside it, which stays when its creator is killed. Here the program that opens a book
 * is its only server (it holds the key's semaphore), so an existing lock belongs to a dead server.
 */
function removeStaleLock(path: string): void {
  try {
    rmdirSync(`${path}.lock`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
