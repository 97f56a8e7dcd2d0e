import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How many ids one call of getent is asked for. */
const BATCH = 500;

/** A user or a group: its number and its name, or the number again where it has none. */
export interface Owner {
  readonly id: number;
  readonly name: string;
}

interface Database {
  readonly name: 'passwd' | 'group';
  readonly names: Map<number, string>;
  /** Those that were asked for. */
  readonly owners: Map<number, Owner>;
}

// passwd(5) and group(5) both have the name first and the id third.
function addLines(text: string, names: Map<number, string>): void {
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id !== undefined && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
}

function readDatabase(name: Database['name']): Database {
  const names = new Map<number, string>();
  try {
    addLines(readFileSync(`/etc/${name}`, 'utf8'), names);
  } catch {
    // No such file: every name is then asked of getent.
  }
  return { name, names, owners: new Map() };
}

/**
 * Names of users and groups. /etc/passwd and /etc/group are read once; only ids that they don't have are asked
 * of getent(1), which also knows LDAP and its like: once per id, many at a time.
 */
export class Owners {
  #users: Database | undefined;
  #groups: Database | undefined;

  user(uid: number): string {
    return this.owningUser(uid).name;
  }

  group(gid: number): string {
    return this.owningGroup(gid).name;
  }

  /** A user with its number; the same object each time, so that a table sees that it wrote it before. */
  owningUser(uid: number): Owner {
    return this.#owner((this.#users ??= readDatabase('passwd')), uid);
  }

  /** A group with its number, in the same way. */
  owningGroup(gid: number): Owner {
    return this.#owner((this.#groups ??= readDatabase('group')), gid);
  }

  /** Asks for many users at once, so that a table full of unknown ids costs few calls of getent. */
  prepareUsers(uids: Iterable<number>): void {
    this.#ask((this.#users ??= readDatabase('passwd')), uids);
  }

  /** All names that /etc/passwd or /etc/group has. */
  names(of: 'user' | 'group'): string[] {
    const { names } =
      of === 'user' ? (this.#users ??= readDatabase('passwd')) : (this.#groups ??= readDatabase('group'));
    return [...names.values()];
  }

  /** The uid of a name or a number, or undefined if nobody has that name. */
  findUser(word: string): number | undefined {
    return this.#find((this.#users ??= readDatabase('passwd')), word);
  }

  /** The gid of a name or a number, or undefined if there is no such group. */
  findGroup(word: string): number | undefined {
    return this.#find((this.#groups ??= readDatabase('group')), word);
  }

  #owner(database: Database, id: number): Owner {
    let owner = database.owners.get(id);
    if (owner === undefined) {
      if (!database.names.has(id)) this.#ask(database, [id]);
      owner = { id, name: database.names.get(id) ?? String(id) };
      database.owners.set(id, owner);
    }
    return owner;
  }

  #ask(database: Database, ids: Iterable<number>): void {
    const unknown = [...new Set(ids)].filter((id) => !database.names.has(id));
    for (let start = 0; start < unknown.length; start += BATCH) {
      const batch = unknown.slice(start, start + BATCH);
      addLines(getent(database.name, batch.map(String)), database.names);
      for (const id of batch) if (!database.names.has(id)) database.names.set(id, String(id));
    }
  }

  #find(database: Database, word: string): number | undefined {
    if (/^\d+$/.test(word)) return Number(word);
    for (const [id, name] of database.names) if (name === word) return id;
    addLines(getent(database.name, [word]), database.names);
    for (const [id, name] of database.names) if (name === word) return id;
    return undefined;
  }
}

/** The lines that getent has for these words; those that it doesn't know are left out (it then exits with 2). */
function getent(database: string, words: readonly string[]): string {
  try {
    return execFileSync('getent', [database, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
  } catch (error) {
    return error instanceof Error && 'stdout' in error && typeof error.stdout === 'string'
      ? error.stdout
      : '';
  }
}
