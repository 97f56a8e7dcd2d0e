import assert from 'node:assert/strict';
import test from 'node:test';
import { everyUser, ours, play, playOurs, skipWithoutScenes, type Outcome } from './scenes.js';

const skip = skipWithoutScenes();

/** Lines without the first, which has the date, and with every run of blanks as one. */
function report(outcome: Outcome | undefined): string[] {
  assert.equal(outcome?.stderr, '');
  assert.equal(outcome.code, 0);
  const [first = '', ...lines] = outcome.stdout.trimEnd().split('\n');
  assert.match(
    first,
    /^IPC status from <running system> as of \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC \d{4}$/,
  );
  return lines.map((line) => line.replace(/ +/g, ' '));
}

async function posix(t: test.TestContext, ...options: string[]): Promise<string[]> {
  return report(await playOurs(t, 'rich', { line: ['ipcs', '--posix', ...options], env: { TZ: 'UTC' } }));
}

test('ipcs --posix lists the three kinds, with type, id, key, mode, owner and group', { skip }, async (t) => {
  const lines = await posix(t);
  assert.deepEqual(
    lines.filter((line) => /^[A-Z]/.test(line)),
    [
      'T ID KEY MODE OWNER GROUP',
      'Message Queues:',
      'T ID KEY MODE OWNER GROUP',
      'Shared Memory:',
      'T ID KEY MODE OWNER GROUP',
      'Semaphores:',
    ],
  );
  const owner = (name: string): string => (everyUser ? name : 'root root');
  assert.ok(lines.includes('q 0 0x80 --rw------- root root'));
  assert.ok(lines.includes('q 2 0x0 ----------- root root'));
  assert.ok(lines.includes(`q 5 0x80000000 --r---w---- ${owner('4000000000 4000000001')}`));
  assert.ok(lines.includes('m 1 0x0 --rw-rw-rw- root root'));
  assert.ok(lines.includes('s 1 0x0 --ra-ra-ra- root root'));
});

test('ipcs --posix marks queues where a sender (S) or a receiver (R) is blocked', { skip }, async (t) => {
  const marked = (await posix(t, '-q')).filter((line) => /^q .* (S-|-R|SR)/.test(line));
  assert.deepEqual(marked, ['q 6 0x61626364 S-rw------- root root', 'q 8 0x1234 -Rrw------- root root']);
});

test(
  'ipcs --posix adds the columns that -b, -c, -o, -p and -t stand for, and all with -a',
  { skip },
  async (t) => {
    const options = ['-b', '-c', '-o', '-p', '-t', '-a'];
    const [outcomes = []] = await play(t, [
      {
        table: 'rich',
        commands: options.map((option) => ours({ line: ['ipcs', '--posix', option], env: { TZ: 'UTC' } })),
      },
    ]);
    const headings = outcomes.map((outcome) =>
      report(outcome)
        .filter((line) => line.startsWith('T '))
        .map((line) => line.replace(/^T ID KEY MODE OWNER GROUP ?/, '')),
    );
    assert.deepEqual(headings, [
      ['QBYTES', 'SEGSZ', 'NSEMS'],
      ['CREATOR CGROUP', 'CREATOR CGROUP', 'CREATOR CGROUP'],
      ['CBYTES QNUM', 'NATTCH', ''],
      ['LSPID LRPID', 'CPID LPID', ''],
      ['STIME RTIME CTIME', 'ATIME DTIME CTIME', 'OTIME CTIME'],
      [
        'CREATOR CGROUP CBYTES QNUM QBYTES LSPID LRPID STIME RTIME CTIME',
        'CREATOR CGROUP NATTCH SEGSZ CPID LPID ATIME DTIME CTIME',
        'CREATOR CGROUP NSEMS OTIME CTIME',
      ],
    ]);
    const lines = report(outcomes[5]);
    const time = String.raw`\d?\d:\d\d:\d\d`;
    assert.match(
      lines.find((line) => line.startsWith('q 7 ')) ?? '',
      new RegExp(
        String.raw`^q 7 0xa --rw-r----- root root root root 8192 1 12345 \d+ 0 ${time} no-entry ${time}$`,
      ),
    );
    assert.match(
      lines.find((line) => line.startsWith('s 1 ')) ?? '',
      new RegExp(`^s 1 0x0 --ra-ra-ra- root root root root 5 no-entry ${time}$`),
    );
  },
);

test('ipcs --posix refuses what POSIX does not have, and -o is known with it only', { skip }, async (t) => {
  for (const options of [['-l'], ['-u'], ['-q', '-i', '0'], ['--human']]) {
    const outcome = await playOurs(t, 'nothing', { line: ['ipcs', '--posix', ...options] });
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /^ipcs: --posix goes with -q, -m, -s, -a, -b, -c, -o, -p and -t only\n/);
  }
  const alone = await playOurs(t, 'nothing', { line: ['ipcs', '-o'] });
  assert.equal(alone.stderr, "ipcs: invalid option -- 'o'\nTry 'ipcs --help' for more information.\n");
});
