import { InvalidArgumentError } from 'commander';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A group by its name or its number. */
export function parseGroup(text: string): number {
  if (/^[0-9]{1,10}$/.test(text) && Number(text) < 2 ** 32 - 1) return Number(text);
  const gid = gidIn(groupFile(), text) ?? gidIn(askServices(text), text);
  if (gid === undefined) throw new InvalidArgumentError('There is no such group.');
  return gid;
}

function gidIn(lines: string, name: string): number | undefined {
  for (const line of lines.split('\n')) {
    const [group, , gid] = line.split(':');
    if (group === name && gid !== undefined && /^[0-9]+$/.test(gid)) return Number(gid);
  }
  return undefined;
}

function groupFile(): string {
  try {
    return readFileSync('/etc/group', 'utf8');
  } catch {
    return '';
  }
}

/** Groups may live in LDAP or elsewhere; only the C library's services know. */
function askServices(name: string): string {
  if (!/^[\w.][\w.@\\ -]*\$?$/.test(name)) return '';
  try {
    return execFileSync('getent', ['group', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
