import assert from 'node:assert/strict';
import test from 'node:test';
import { bin, runNode } from '../helpers/node.js';
import { tellModules } from './loaded-modules.js';
import { ipctools } from './support.js';

test('--help names every verb and every exit code', async (t) => {
  const { code, stdout, stderr } = await ipctools(t, ['--help']);
  assert.deepEqual([code, stderr], [0, '']);
  const verbs = ['overview', 'list|ls', 'show', 'peek', 'send', 'receive', 'create', 'set', 'ftok', 'limits'];
  for (const verb of [...verbs, 'remove|rm', 'completion'])
    assert.match(stdout, new RegExp(`\n  ${verb.replace('|', '\\|')} `));
  for (const exitCode of [0, 1, 2, 3, 4, 5]) assert.match(stdout, new RegExp(`\n  ${exitCode}  `));
  assert.deepEqual(await ipctools(t, ['help']), { code: 0, signal: null, stdout, stderr: '' });
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, `wider than a terminal: ${line}`);
});

test("a verb's help tells its options, and list's its columns", async (t) => {
  const { stdout } = await ipctools(t, ['list', '--help']);
  assert.match(stdout, /^Usage: ipctools list\|ls \[options\] \[kind\]\n/);
  assert.match(stdout, /\n\* last-sender +the process that sent last/);
  assert.match(stdout, /\n {2}limit +how many bytes/);
  assert.match(stdout, /\n {2}full +a percentage/);
  assert.deepEqual(await ipctools(t, ['help', 'ls']), { code: 0, signal: null, stdout, stderr: '' });
});

test('help is the same before and after every verb, and there is none of a verb that there is not', async (t) => {
  for (const verb of [
    'overview',
    'show',
    'clean',
    'restore',
    'watch',
    'completion',
    'ipcs',
    'ipcrm',
    'ipcmk',
  ]) {
    const [after, before] = [await ipctools(t, [verb, '--help']), await ipctools(t, ['help', verb])];
    assert.deepEqual([after.code, after.stderr], [0, ''], verb);
    assert.match(
      after.stdout,
      verb.startsWith('ipc') ? /Usage:\n ipc/ : new RegExp(`^Usage: ipctools ${verb}`),
    );
    assert.deepEqual(before, after);
  }
  for (const words of [
    ['help', 'shwo'],
    ['shwo', '--help'],
  ]) {
    const { code, stdout, stderr } = await ipctools(t, words);
    assert.deepEqual([code, stdout], [2, ''], words.join(' '));
    assert.match(
      stderr,
      /^ipctools: there is no verb 'shwo' \(did you mean show\?\); see `ipctools --help`\n$/,
    );
  }
});

test('wrong words are one sentence with the next step, exit code 2, nothing on standard output', async (t) => {
  for (const [words, sentence] of [
    [['shwo'], /there is no verb 'shwo' \(did you mean show\?\); see `ipctools --help`/],
    [
      ['list', '--colums', 'id'],
      /unknown option '--colums' \(did you mean --columns\?\); see `ipctools list --help`/,
    ],
    [['list', 'queus'], /'queus' can't be listed \(did you mean queues\?\); use queues, segments, /],
    [
      ['show', '--kind', 'segment', '--kind', 'segmnts', '5'],
      /'segmnts' is not a kind of object \(did you mean segments\?\); use /,
    ],
    [['list', 'everything'], /'everything' can't be listed; use queues, segments, semaphores, posix or all/],
    [['list', '--columns', 'mesages'], /unknown column 'mesages' \(did you mean messages\?\); use one of /],
    [['list', '--columns', 'size'], /unknown column 'size'; use one of key, id, /],
    [['list', '--columns', ','], /--columns needs at least one name/],
    [['list', '--sort', 'size'], /unknown column 'size'/],
    [['list', '--filter', 'messages'], /'messages' is not a condition/],
    [['list', '--filter', 'messages>many'], /'many' is not a number/],
    [['list', '--filter', 'owner>root'], /owner has no order; compare it with =, != or ~/],
    [['list', '--filter', 'waiting=X'], /'X' is not one of S, R, SR and -/],
    [['list', 'all', '--filter', 'messages>0'], /unknown column 'messages'/],
    [['list', '--owner', 'no-such-name'], /there is no user 'no-such-name'/],
    [['--owner', 'root'], /unknown option '--owner'/],
    [['show'], /show what\? Give a queue as 0x80 or 5, a segment with -m or -M/],
    [['show', '5', '-m', '6'], /show one object at a time/],
    [['peek', '0x80', '--limit', '0'], /'0' is not a number of messages/],
    [['completion', 'tcsh'], /no completion for 'tcsh'/],
    [['limits', 'all'], /limits takes options only, not 'all'; see `ipctools limits --help`/],
    [['show', '5', '6'], /too many arguments/],
    [['drop-ins', '--install', ''], /--install is empty; write --install <folder>; see `ipctools drop-ins/],
    [['receive', '5', '--exec', ''], /--exec is empty; write --exec <command>/],
    [['receive', '5', '--exec', ' '], /--exec is blank: messages would be taken and dropped/],
    [['clean', '--kind', 'queues', '--kind', ''], /--kind is empty/],
    [
      ['peek', '5', '--format', 'xml'],
      /unknown format 'xml'; use one of text, hex, base64, json, php or struct:LAYOUT/,
    ],
  ] as const) {
    const { code, stdout, stderr } = await ipctools(t, words);
    assert.deepEqual([code, stdout], [2, ''], `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, /^ipctools: [^\n]+\n$/);
    assert.match(stderr, sentence);
  }
});

for (const [words, unwanted] of [
  [['list'], /cli-table3|cli\/commands\/(?!list)/],
  [['list', '--json'], /cli-table3/],
  [['--help'], /cli-table3|mq-native|cli\/commands\//],
  [['--version'], /cli-table3|mq-native|cli\/commands\//],
  [['__complete', 'li'], /cli-table3|mq-native|commander|cli\/commands\//],
  [['__complete', 'list', '--'], /cli-table3|mq-native|commander|cli\/commands\//],
] as const) {
  test(`ipctools ${words.join(' ')} loads no more than it needs`, async (t) => {
    const { code, stderr } = await runNode(t, ['--import', tellModules, bin('ipctools'), ...words]);
    assert.equal(code, 0);
    assert.match(stderr, /^packages\/ipctools\/dist\/cli\/main\.js$/m);
    assert.doesNotMatch(stderr, unwanted);
  });
}
