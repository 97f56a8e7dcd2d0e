import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { readPhp } from '#ipctools/render/php-value';
import { skipWithout, startPeer } from '../../helpers/foreign.js';
import { freshKey } from '../../helpers/keys.js';
import { ipctools } from '../support.js';

const skip = skipWithout('php');

function php(program: string): string {
  const { status, stdout, stderr } = spawnSync('php', ['-d', 'serialize_precision=17', '-r', program], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr + stdout);
  return stdout;
}

test('values are those that json_encode of PHP writes', { skip }, () => {
  const text = php(`
mt_srand(7);
function value($depth) {
  switch (mt_rand(0, $depth > 3 ? 5 : 8)) {
    case 0: return null;
    case 1: return mt_rand(0, 1) === 1;
    case 2: return mt_rand(-100000, 100000);
    case 3: return mt_rand(-1000, 1000) / 64 + 0.015625 / 2;
    case 4: return str_repeat('ä"\\'};:', mt_rand(0, 4)) . mt_rand();
    case 5: return '';
    case 6: return array_map(fn() => value($depth + 1), range(0, mt_rand(0, 4)));
    case 7: return ['name' => value($depth + 1), '7' => value($depth + 1), 'x;y' => value($depth + 1)];
    default: return [];
  }
}
for ($i = 0; $i < 500; $i++) { $v = value(0); echo base64_encode(serialize($v)), ' ', base64_encode(json_encode($v)), "\\n"; }`);
  const lines = text.trimEnd().split('\n');
  assert.equal(lines.length, 500);
  for (const line of lines) {
    const [body = '', json = ''] = line.split(' ').map((word) => Buffer.from(word, 'base64'));
    assert.deepEqual(readPhp(Buffer.from(body)), [JSON.parse(json.toString())], body.toString());
  }
});

test('objects, enums, references and what JSON has not are told apart', { skip }, () => {
  const lines = php(`
class Point { public $x = 1; protected $y = 2.5; private $z = "three"; }
enum Suit: string { case Hearts = 'h'; }
$a = [1]; $b = [&$a, &$a];
foreach ([new Point, Suit::Hearts, $b, [PHP_INT_MAX, INF, -INF, NAN, "\\xff"], (object) [], [5 => "a", 7 => "b"]] as $v) echo base64_encode(serialize($v)), "\\n";`)
    .trimEnd()
    .split('\n');
  const values = lines.map((line) => readPhp(Buffer.from(line, 'base64'))?.[0]);
  assert.deepEqual(values, [
    { class: 'Point', properties: { x: 1, y: 2.5, z: 'three' } },
    { enum: 'Suit:Hearts' },
    [[1], { reference: 2 }],
    ['9223372036854775807', 'Infinity', '-Infinity', 'NaN', { base64: '/w==' }],
    { class: 'stdClass', properties: {} },
    { 5: 'a', 7: 'b' },
  ]);
});

test('what is cut, or no serialize() at all, is no value', () => {
  for (const text of [
    '',
    'hello',
    'i:5',
    'i:5;x',
    's:9:"short";',
    's:2:"abc";',
    's:3:"abcde',
    'i:5:',
    'b:1:',
    'a:1:{i:0;i:1;]',
    'a:1:{i:0;}',
    'a:2:{i:0;i:1;}',
    'b:2;',
    'i:;',
    'O:1:"A":1:{}',
    'x:1;',
  ])
    assert.equal(readPhp(Buffer.from(text)), undefined, text);
  assert.equal(readPhp(Buffer.from('a:1:{i:0;'.repeat(5000))), undefined);
});

test('a message of msg_send is shown with --format php, and the format is offered', { skip }, async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  const program = 'msg_send(msg_get_queue((int) $argv[1]), 3, ["id" => 7, "tags" => ["a", "b"]]);';
  assert.equal((await startPeer(t, 'php', program, [key]).exit()).code, 0);
  const plain = await ipctools(t, ['peek', formatKey(key)]);
  assert.equal(plain.stderr, 'ipctools: looks like PHP serialize; --format php\n');
  const shown = await ipctools(t, ['peek', formatKey(key), '--format', 'php']);
  assert.match(shown.stdout, /^ +3 +\d+ +\{"id":7,"tags":\["a","b"\]\}$/m);
  assert.match(
    (await ipctools(t, ['show', formatKey(key)])).stdout,
    /\n\(looks like PHP serialize; --format php\)\n$/,
  );
  assert.match(
    (await ipctools(t, ['show', formatKey(key), '--format', 'php'])).stdout,
    /\{"id":7,"tags":\["a","b"\]\}\n$/,
  );
  queue.trySend(4, 'no value');
  assert.equal((await ipctools(t, ['peek', formatKey(key)])).stderr, '');
  const received = await ipctools(t, ['receive', formatKey(key), '--all', '--format', 'php']);
  assert.equal(
    received.stdout,
    '{"id":7,"tags":["a","b"]}\n{"error":"no PHP serialize","body":"no value"}\n',
  );
});

test('a C struct is shown with --format struct:LAYOUT, and a wrong layout takes nothing', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  queue.trySend(1, Buffer.from('01000000ffffffffffffffff686900000000', 'hex'));
  const wrong = await ipctools(t, ['receive', formatKey(key), '--format', 'struct:z']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^ipctools: 'z' in the layout 'z' is none of [^\n]+\n$/);
  assert.equal(queue.stat().messages, 1);
  const { stdout } = await ipctools(t, ['receive', formatKey(key), '--format', 'struct:<Iq6s']);
  assert.equal(stdout, '[1,-1,"hi\\u0000\\u0000\\u0000\\u0000"]\n');
});
