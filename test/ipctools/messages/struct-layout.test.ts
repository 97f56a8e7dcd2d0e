import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import fc from 'fast-check';
import { parseLayout, readStruct } from '#ipctools/render/struct-layout';
import { skipOrFail } from '../../helpers/commands.js';

function python(program: string, input: string): string {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', program], {
    input,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

const skip =
  spawnSync('/usr/bin/python3', ['-c', 'import struct']).status === 0
    ? false
    : skipOrFail('python3 is not installed');

/** What `struct.unpack` gives, as our JSON has it. */
const UNPACK = `
import json, math, struct, sys, base64
def shown(value):
    if isinstance(value, bool): return value
    if isinstance(value, bytes):
        try: return value.decode('utf-8')
        except UnicodeDecodeError: return {'base64': base64.b64encode(value).decode()}
    if isinstance(value, float):
        if math.isnan(value): return 'NaN'
        if math.isinf(value): return 'Infinity' if value > 0 else '-Infinity'
        if value == 0 and math.copysign(1, value) < 0: return '-0'
        return float.hex(value)
    return value if abs(value) < 2**53 else str(value)
for line in sys.stdin:
    layout, data = json.loads(line)
    data = bytes.fromhex(data)
    size = struct.calcsize(layout)
    body = (data * (size // max(len(data), 1) + 1))[:size]
    print(json.dumps([size, body.hex(), [shown(v) for v in struct.unpack(layout, body)]]))
`;

const letters = fc.constantFrom(...'xcbB?hHiIlLqQefdsp'.split(''));
// Python itself fails at 0p.
const item = fc
  .tuple(fc.option(fc.nat(9), { nil: undefined }), letters)
  .filter(([count, letter]) => count !== 0 || letter !== 'p');
const layouts = fc
  .tuple(fc.constantFrom('', '@', '=', '<', '>', '!'), fc.array(item, { maxLength: 8 }))
  .map(([order, items]) => order + items.map(([count, letter]) => `${count ?? ''}${letter}`).join(' '));

/** Floats as Python writes them exactly; everything else as it is. */
function comparable(values: readonly unknown[], expected: readonly unknown[]): unknown[] {
  return values.map((value, index) => {
    const other = expected[index];
    return typeof value === 'number' && typeof other === 'string' && /^-?0x/.test(other)
      ? value === parseHexFloat(other)
        ? other
        : value
      : value;
  });
}

function parseHexFloat(text: string): number {
  const [, sign, whole = '', fraction = '', exponent] =
    /^(-?)0x(\d)(?:\.([0-9a-f]+))?p([-+]\d+)$/.exec(text) ?? [];
  const mantissa = Number(whole) + (fraction === '' ? 0 : Number(`0x${fraction}`) / 16 ** fraction.length);
  return (sign === '-' ? -1 : 1) * mantissa * 2 ** Number(exponent);
}

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

test('every layout gives the size and the values that struct.unpack of Python gives', { skip }, () => {
  const samples = [
    ...fc.sample(fc.tuple(layouts, fc.uint8Array({ minLength: 1, maxLength: 64 })), 2000),
    ...['nN', 'P', 'bq', 'qb', 'b0q', '0s', '3p', '10p', 'bhilqnP?', '<bhilq', ' i  i ', '@c3xd', ''].map(
      (layout) =>
        [layout, Uint8Array.from({ length: 64 }, (_, byte) => 255 - 7 * byte)] as [string, Uint8Array],
    ),
    // Zeros with a sign, infinities, the smallest numbers, NaN.
    ...['0080', '007c', '00fc', '0100', '017e'].map((hex) => ['<e', bytesOf(hex)] as [string, Uint8Array]),
    ...['00000080', '0000807f', '01000000'].map((hex) => ['<f', bytesOf(hex)] as [string, Uint8Array]),
    ...['0000000000000080', '000000000000f0ff'].map((hex) => ['<d', bytesOf(hex)] as [string, Uint8Array]),
  ];
  const input = samples.map(([layout, bytes]) =>
    JSON.stringify([layout, Buffer.from(bytes).toString('hex')]),
  );
  const lines = python(UNPACK, `${input.join('\n')}\n`)
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, samples.length);
  for (const [index, line] of lines.entries()) {
    const [size, hex, expected] = JSON.parse(line) as [number, string, unknown[]];
    const layout = parseLayout(samples[index]?.[0] ?? '');
    assert.equal(layout.bytes, size, layout.text);
    const values = readStruct(layout, Buffer.from(hex, 'hex')) as unknown[];
    assert.deepEqual(comparable(values, expected), expected, `${layout.text} ${hex}`);
  }
});

test('a layout that Python refuses is refused', () => {
  for (const text of ['z', '<n', '=P', '4', 'i4', '<<i', 'i@', '999999999999i', 'é'])
    assert.throws(() => parseLayout(text), { code: 'INVALID' }, text);
});

test('a layout of 16 MiB is taken, and a longer one refused before its fields are counted', () => {
  assert.equal(parseLayout('16777216x').bytes, 2 ** 24);
  assert.equal(parseLayout('16777216s').fields.length, 1);
  for (const text of ['16777217x', '16777215xh', '999999999999i'])
    assert.throws(() => parseLayout(text), /is longer than any message can be/, text);
});

test('a body of another length is shown with all its bytes', () => {
  assert.deepEqual(readStruct(parseLayout('<hh'), Buffer.from('abc')), {
    error: '3 bytes, and struct:<hh has 4',
    hex: '616263',
  });
  assert.deepEqual(readStruct(parseLayout('<hh'), Buffer.from('abcde')), {
    error: '5 bytes, and struct:<hh has 4',
    hex: '6162636465',
  });
});
