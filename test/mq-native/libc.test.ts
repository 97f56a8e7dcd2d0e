import {
  ctime,
  errorText,
  formatLocalTime,
  groupId,
  groupName,
  pageSize,
  sendUnixDatagram,
  userId,
  userName,
} from '@timeq/mq-native/libc';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** What a program of the system prints in the C locale. */
function output(command: string, ...words: string[]): string {
  return execFileSync(command, words, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: 'pipe',
  }).trimEnd();
}

function entries(file: string): { name: string; id: number }[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split(':')).map(([name = '', , id]) => ({ name, id: Number(id) }));
}

test('names and numbers of users are those of /etc/passwd', () => {
  const users = entries('/etc/passwd');
  assert.ok(users.length > 0);
  for (const { name, id } of users) assert.equal(userId(name), id, name);
  assert.equal(userName(0), users.find(({ id }) => id === 0)?.name);
});

test('names and numbers of groups are those of /etc/group', () => {
  const groups = entries('/etc/group');
  assert.ok(groups.length > 0);
  for (const { name, id } of groups) assert.equal(groupId(name), id, name);
  assert.equal(groupName(0), groups.find(({ id }) => id === 0)?.name);
});

test('an owner that is not known has no name and no number', () => {
  assert.equal(userName(4_123_456_789), undefined);
  assert.equal(groupName(4_123_456_789), undefined);
  for (const name of ['no such name', '', 'root\0', 'root\0x', `n${'o'.repeat(100_000)}`]) {
    assert.equal(userId(name), undefined, name.slice(0, 20));
    assert.equal(groupId(name), undefined, name.slice(0, 20));
  }
});

test('times are those of date(1), in forms of TZ that a Date does not understand', (t) => {
  const before = process.env['TZ'];
  t.after(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
  for (const zone of ['UTC', 'CET-1CEST,M3.5.0,M10.5.0/3', '<+0330>-3:30', 'XYZ4']) {
    process.env['TZ'] = zone;
    for (const second of [0, 86_399, 1_774_747_799, 1_774_747_800, 4_102_444_800]) {
      assert.equal(ctime(second), output('date', '-d', `@${second}`, '+%a %b %e %H:%M:%S %Y'), zone);
      assert.equal(
        formatLocalTime(second, '%F %T %z %Z'),
        output('date', '-d', `@${second}`, '+%F %T %z %Z'),
      );
    }
  }
});

test('a text of a time that is too long, and a second that is none, are errors', () => {
  assert.throws(() => formatLocalTime(0, '%c'.repeat(100)), { code: 'EOVERFLOW' });
  assert.throws(() => formatLocalTime(1.5, '%Y'), RangeError);
});

test('texts of errors are the C library’s', () => {
  assert.throws(() => output('cat', '/no-such-file'), { stderr: new RegExp(`: ${errorText('ENOENT')}\n$`) });
  assert.throws(() => output('cat', '/'), { stderr: new RegExp(`: ${errorText('EISDIR')}\n$`) });
  assert.equal(errorText('ENOSUCHERROR'), 'ENOSUCHERROR');
});

test('the page size is what getconf(1) prints', () => {
  assert.equal(pageSize(), Number(output('getconf', 'PAGESIZE')));
});

test('a datagram to a socket that is not there is an error', () => {
  const sent = (path: string) => () => {
    sendUnixDatagram(path, 'text');
  };
  assert.throws(sent('/nowhere/at/all'), { code: 'ENOENT', syscall: 'sendto' });
  assert.throws(sent('@timeq-test-nobody'), { code: 'ECONNREFUSED' });
  assert.throws(sent(`/${'x'.repeat(200)}`), { code: 'ENAMETOOLONG' });
  assert.throws(sent('/a\0b'), { code: 'EINVAL' });
});
