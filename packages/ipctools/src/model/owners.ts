import { groupName, userName } from '@timeq/mq-native/libc';
import { readFileSync } from 'node:fs';

/** A user or a group: its number and its name, or the number again where it has none. */
export interface Owner {
  readonly id: number;
  readonly name: string;
}

/** Names of users and groups. Each is looked up once: the C library may have to ask a server. */
export class Owners {
  readonly #users = new Map<number, Owner>();
  readonly #groups = new Map<number, Owner>();

  user(uid: number): string {
    return this.owningUser(uid).name;
  }

  group(gid: number): string {
    return this.owningGroup(gid).name;
  }

  /** A user by its number; the same object each time, so that a table recognises a repeated value. */
  owningUser(uid: number): Owner {
    return remembered(this.#users, uid, userName);
  }

  /** A group by its number, in the same way. */
  owningGroup(gid: number): Owner {
    return remembered(this.#groups, gid, groupName);
  }
}

function remembered(
  owners: Map<number, Owner>,
  id: number,
  nameOf: (id: number) => string | undefined,
): Owner {
  let owner = owners.get(id);
  if (owner === undefined) {
    owner = { id, name: nameOf(id) ?? String(id) };
    owners.set(id, owner);
  }
  return owner;
}

/** The names of /etc/passwd or /etc/group, for completion: a server's may be too many to list. */
export function localNames(of: 'user' | 'group'): string[] {
  try {
    const lines = readFileSync(of === 'user' ? '/etc/passwd' : '/etc/group', 'utf8').split('\n');
    return [...new Set(lines.map((line) => line.split(':', 1)[0] ?? ''))].filter((name) => name !== '');
  } catch {
    return [];
  }
}
