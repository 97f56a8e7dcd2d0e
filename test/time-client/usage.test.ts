import assert from 'node:assert/strict';
import test from 'node:test';
import { bin, runNode } from '../helpers/node.js';

const VERBS = ['now', 'watch', 'status', 'stop', 'measure'] as const;

/** Every mistake gets one sentence and exit code 2, before anything else happens. */
const MISTAKES: ReadonlyArray<readonly [commandLine: string[], sentence: RegExp]> = [
  [['stats'], /no verb 'stats' \(did you mean status\?\)/],
  [
    ['frobnicate'],
    /no verb 'frobnicate'; the verbs are now, watch, at, in, every, status, wait, stop, measure/,
  ],
  [['help', 'mesure'], /no verb 'mesure' \(did you mean measure\?\)/],
  [['--jsno'], /unknown option '--jsno' \(did you mean --json\?\)/],
  [['now', '--tiemout', '5s'], /unknown option '--tiemout' \(did you mean --timeout\?\)/],
  [['now', 'please'], /now takes options only, not 'please'/],
  [['--format', 'iso', 'stop'], /unknown option '--format'; see `time-client stop --help`/],
  [['stop', '--format', 'iso'], /unknown option '--format'/],
  [['--key'], /option '-k, --key <key>' argument missing/],
  [['--key', 'abc'], /'abc' is not a key; write it as 0x80 or 128/],
  [['--key', '0200'], /'0200' is not a key: C would read it as octal; write it as 0x80 or 128/],
  [['--key', '4294967296'], /key 4294967296 is out of range/],
  [['--key', '0'], /key 0 is IPC_PRIVATE/],
  [['--key', '5', '--path', '/', '--project-id', '1'], /either --key, or --path and --project-id/],
  [['--path', '/'], /--path needs a --project-id/],
  [['--project-id', '1'], /--project-id needs the --path/],
  [['--path', '/', '--project-id', '256'], /'256' is not a project id; write 1 to 255 or one character/],
  [
    ['--path', '/no/such/file', '--project-id', '1'],
    /--path '\/no\/such\/file' cannot be made into a key: ENOENT/,
  ],
  [['--timeout', '5'], /'5' is not a duration; write it as 500ms, 5s, 1m, 1h or 2d/],
  [['--timeout', '0s'], /'0s' is too short/],
  [['--timeout', '1000h'], /'1000h' is too long to wait for; the longest is 24d/],
  [['watch', '--interval', 'often'], /'often' is not a duration/],
  [['watch', '--count', '0'], /'0' is not a count; write a whole number from 1 to \d+/],
  [
    ['measure', '--concurrency', '1.5'],
    /'1.5' is not a number of requests; write a whole number from 1 to \d+/,
  ],
  [
    ['--format', 'isoo'],
    /--format must be asctime, iso, unix, unix-ns or \+PATTERN, not 'isoo' \(did you mean iso\?\)/,
  ],
  [['--format', '%H:%M'], /did you mean \+%H:%M\?/],
  [['--format', '+%H:%Q'], /--format has '%Q', which is not a conversion here/],
  [['--format', '+100%'], /--format has '%', which is not a conversion here/],
  [
    ['--zone', 'Europe/Berln'],
    /--zone needs an IANA name .* not 'Europe\/Berln' \(did you mean Europe\/Berlin\?\)/,
  ],
  [['--zone', '../../etc/passwd'], /--zone needs an IANA name/],
];

for (const [commandLine, sentence] of MISTAKES) {
  test(`"time-client ${commandLine.join(' ')}" is a mistake told in one sentence, with exit code 2`, async (t) => {
    const { code, stdout, stderr } = await runNode(t, [bin('time-client'), ...commandLine]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, sentence);
    assert.match(stderr, /^time-client: .*; see `time-client (\w+ )?--help`\n$/);
  });
}

test('the program’s help names every verb, every option and every exit code, with examples', async (t) => {
  const { code, stdout, stderr } = await runNode(t, [bin('time-client'), '--help']);
  assert.deepEqual([code, stderr], [0, '']);
  for (const verb of VERBS) assert.match(stdout, new RegExp(`^  ${verb} `, 'm'));
  for (const option of [
    'key',
    'path',
    'project-id',
    'format',
    'zone',
    'timeout',
    'classic',
    'json',
    'version',
    'help',
  ]) {
    assert.match(stdout, new RegExp(`--${option}\\b`));
  }
  for (let exitCode = 0; exitCode <= 5; exitCode++) assert.match(stdout, new RegExp(`^  ${exitCode}  `, 'm'));
  assert.match(stdout, /Examples:/);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, `wider than 80 columns: ${line}`);
});

for (const verb of VERBS) {
  test(`the help of ${verb} has its options and examples, however it is asked for`, async (t) => {
    const { code, stdout } = await runNode(t, [bin('time-client'), verb, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: time-client ${verb} `));
    assert.match(stdout, /Examples:\n {2}time-client/);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, `wider than 80 columns: ${line}`);
    const asked = await runNode(t, [bin('time-client'), 'help', verb]);
    assert.deepEqual([asked.code, asked.stdout, asked.stderr], [0, stdout, '']);
  });
}
