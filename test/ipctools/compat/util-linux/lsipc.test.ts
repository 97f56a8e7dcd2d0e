import assert from 'node:assert/strict';
import test from 'node:test';
import { assertSameView, inEachFormat, lines } from './same.js';
import { ours, play, playOurs, skipWithoutScenes, skipWithoutUtilLinux, type Command } from './scenes.js';

const skip = skipWithoutUtilLinux();
const alone = skipWithoutScenes();

test('lsipc lists queues, segments and semaphores as util-linux does', { skip }, async (t) => {
  await assertSameView(t, 'rich', inEachFormat('lsipc -q\nlsipc -m\nlsipc -s'));
  await assertSameView(
    t,
    'nothing',
    lines('lsipc -q\nlsipc -m\nlsipc -s\nlsipc -s -J\nlsipc -q -e\nlsipc -m -r'),
  );
});

test('lsipc adds creators and times, in three formats, as util-linux does', { skip }, async (t) => {
  const commands = ['-q', '-m', '-s'].flatMap((kind) =>
    lines(`
      lsipc ${kind} -c
      lsipc ${kind} -t
      lsipc ${kind} -t -J
      lsipc ${kind} -t --time-format short
      lsipc ${kind} -t --time-format=full
      lsipc ${kind} -t --time-format=iso
      lsipc ${kind} -c --noheadings
    `),
  );
  const zones = ['America/New_York', '<+0330>-3:30', 'NZST-12NZDT,M9.5.0,M4.1.0/3'].map((TZ): Command => ({
    line: ['lsipc', '-q', '-t', '--time-format=iso'],
    env: { TZ },
  }));
  await assertSameView(t, 'rich', [...commands, ...zones]);
});

test('lsipc writes sizes in bytes and modes in octal as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    lsipc -q -b
    lsipc -m -b
    lsipc -m --bytes -J
    lsipc -m -P
    lsipc -s --numeric-perms
    lsipc -s -P -e
  `);
  await assertSameView(t, 'rich', commands);
});

test('lsipc shows the columns of -o, in their order, as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    lsipc -q -o KEY
    lsipc -q -o msgs,id,Key
    lsipc -q -o +CUSER,CGROUP,USER,GROUP
    lsipc -q --output=ID,ID
    lsipc -q -o KEY,ID,OWNER,PERMS,CUID,CUSER,CGID,CGROUP,UID,USER,GID,GROUP,CTIME
    lsipc -q -o USEDBYTES,MSGS,SEND,RECV,LSPID,LRPID
    lsipc -m -o SIZE,NATTCH,STATUS,ATTACH,DETACH,COMMAND,CPID,LPID
    lsipc -m -o COMMAND,STATUS -r
    lsipc -m -o STATUS,DETACH -e
    lsipc -s -o NSEMS,OTIME -J
    lsipc -q -o FOO
    lsipc -q -o ID,FOO,KEY
    lsipc -q -o ID,
    lsipc -q -o SIZE
    lsipc -m -o ID,MSGS,KEY
    lsipc -s -o USE%
    lsipc -o
    lsipc -q -o ID -o KEY
  `);
  await assertSameView(t, 'rich', commands);
});

test('lsipc shows one object as util-linux does', { skip }, async (t) => {
  const ids = (letter: string, last: number): string =>
    Array.from({ length: last + 1 }, (_, id) => `lsipc -${letter} -i ${id}`).join('\n');
  await assertSameView(t, 'rich', lines(ids('q', 8)));
  await assertSameView(t, 'rich', lines(ids('m', 8)));
  await assertSameView(t, 'rich', lines(ids('s', 3)));
  await assertSameView(t, 'rich', inEachFormat('lsipc -q -i 0\nlsipc -m -i 3'));
  const others = lines(`
    lsipc -m -i 3 -c
    lsipc -q -i 0 -t
    lsipc -q -i 0 -t --time-format=short
    lsipc -q -i 0 -o ID,MSGS
    lsipc -q -i 0 -o +ID
    lsipc --id=0 -q -b
    lsipc -s -i 3 -P
    lsipc -i 3
    lsipc -q -i x
    lsipc -q -i 3x
    lsipc -q -i 99999999999
    lsipc -q -i
  `);
  await assertSameView(t, 'rich', [...others, { line: ['lsipc', '-q', '-i', ''] }]);
});

test('lsipc shows the limits that util-linux 2.41 shows', { skip }, async (t) => {
  const columns = '-o RESOURCE,DESCRIPTION,LIMIT,USED,USE%';
  const commands = lines(`
    lsipc -g -q ${columns}
    lsipc -g -m ${columns}
    lsipc -g -s ${columns}
    lsipc -g -s -J ${columns}
    lsipc -g -m -b ${columns}
    lsipc -g -q -e -y ${columns}
    lsipc -g -m -r ${columns}
    lsipc -g -q -n -o USED,LIMIT
    lsipc -g -q -o RESOURCE,KEY
    lsipc -g -q -o MSGS
  `);
  await assertSameView(t, 'three', commands);
});

test('lsipc understands its command line as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    lsipc -x
    lsipc --foo
    lsipc --no
    lsipc -q --not
    lsipc -q --time
    lsipc -q --time-f=full
    lsipc -q --time-format=foo
    lsipc -q --time-format
    lsipc -J -e
    lsipc -q -l --raw
    lsipc -q -g -i 3
    lsipc -q extra
    lsipc -qJ
    lsipc -V
  `);
  await assertSameView(t, 'three', commands);
});

test(
  'lsipc writes what a terminal, a shell or the locale does not take as util-linux does',
  { skip },
  async (t) => {
    const formats = lines(`
    lsipc -m -o ID,COMMAND
    lsipc -m -o COMMAND,ID
    lsipc -m -o COMMAND -r
    lsipc -m -o COMMAND -e
    lsipc -m -o COMMAND -J
  `);
    const commands = ['C', 'C.UTF-8'].flatMap((LC_ALL) =>
      formats.map((command): Command => ({ ...command, env: { LC_ALL } })),
    );
    await assertSameView(t, 'hostile', commands);
  },
);

/** What ours writes to standard output and error, and its exit code. */
async function lsipc(
  t: Parameters<typeof playOurs>[0],
  ...words: string[]
): Promise<[number, string, string]> {
  const { code, stdout, stderr } = await playOurs(t, 'three', { line: ['lsipc', ...words] });
  return [code, stdout, stderr];
}

test('lsipc fails for an id that is not there, and for one that is none', { skip: alone }, async (t) => {
  assert.deepEqual(await lsipc(t, '-q', '-i', '99'), [1, '', 'lsipc: id 99 not found\n']);
  assert.deepEqual(await lsipc(t, '-s', '-i', '-1'), [1, '', 'lsipc: id -1 not found\n']);
  const [code, stdout] = await lsipc(t, '-m', '-i', '99', '-J');
  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(stdout), { sharedmemory: [] });
});

test('lsipc combines -c, -t and -o, as util-linux 2.38 does', { skip: alone }, async (t) => {
  const [, stdout] = await lsipc(t, '-m', '-c', '-t');
  assert.match(stdout, / COMMAND +CUID +CGID +UID +GID +ATTACH +DETACH\n/);
  assert.equal((await lsipc(t, '-q', '-o', 'ID', '-c'))[1], 'ID\n0\n1\n2\n');
});

test('lsipc -J names an empty list, too', { skip: alone }, async (t) => {
  const commands = ['-q', '-m', '-s'].map((kind) => ours({ line: ['lsipc', kind, '-J'] }));
  const [outcomes = []] = await play(t, [{ table: 'nothing', commands }]);
  assert.deepEqual(
    outcomes.map(({ stdout }) => JSON.parse(stdout) as unknown),
    [{ messages: [] }, { sharedmemory: [] }, { semaphores: [] }],
  );
});

test('lsipc -P shows the modes of queues as well', { skip: alone }, async (t) => {
  assert.deepEqual((await lsipc(t, '-q', '-P', '-o', 'PERMS'))[1], 'PERMS\n 0600\n 0600\n 0600\n');
});

test('lsipc -g shows limits only, and counts the pages of small segments', { skip: alone }, async (t) => {
  const { stdout } = await playOurs(t, 'rich', { line: ['lsipc', '-g', '-m', '-J'] });
  const { ipclimits } = JSON.parse(stdout) as { ipclimits: Record<string, string>[] };
  assert.deepEqual(Object.keys(ipclimits[0] ?? {}), ['resource', 'description', 'limit', 'used', 'use%']);
  const { stdout: summary } = await playOurs(t, 'rich', { line: ['ipcs', '-m', '-u'] });
  assert.equal(`pages allocated ${ipclimits[1]?.['used']}`, /pages allocated \d+/.exec(summary)?.[0]);
  const [code, , stderr] = await lsipc(t, '-g', '-q', '-t');
  assert.deepEqual(
    [code, stderr],
    [1, 'lsipc: --global is mutually exclusive with --creator, --id, --name and --time\n'],
  );
});

test('lsipc says which columns an empty list of -o lacks', { skip: alone }, async (t) => {
  assert.deepEqual(await lsipc(t, '-q', '-o', ''), [1, '', 'lsipc: unknown column: \n']);
});
