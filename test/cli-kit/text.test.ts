import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { BLOCKS, drawBar } from '@timeq/cli-kit/text/bar';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { shellWord } from '@timeq/cli-kit/text/shell-word';
import { cut, displayWidth, ELLIPSIS, pad, wrap } from '@timeq/cli-kit/text/width';

/** Everything that moves a cursor, breaks a line, or turns text around. */
const UNSAFE = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  ...[0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));

test('text of strangers is one line in which nothing is left to move the cursor or to turn text around', () => {
  assert.equal(escapeText('a\u001b[2Jb\n\u009b\u2028\u202e'), 'a\\x1b[2Jb\\n\\x9b\\u2028\\u202e');
  for (const character of UNSAFE) assert.match(escapeText(`a${character}b`), /^a[\x20-\x7e]+b$/);
});

test('letters of all scripts, accents and emoji stay as they are', () => {
  for (const text of ['Grüße', '日本語', 'עברית', 'e\u0301', '👩‍🚀', '🇩🇪'])
    assert.equal(escapeText(text), text);
});

test('JSON is safe in the same way, and means the same', () => {
  for (const character of UNSAFE) {
    const value = { [`k${character}`]: [`a${character}b`] };
    const json = jsonText(value);
    assert.match(json, /^[\x20-\x7e]+$/);
    assert.deepEqual(JSON.parse(json), value);
  }
  assert.equal(jsonText({ a: [1] }, 2), '{\n  "a": [\n    1\n  ]\n}');
});

for (const shell of ['bash', 'zsh', 'ksh'] as const) {
  const skip = spawnSync(shell, ['-c', "[ $'\\x41' = A ]"]).status === 0 ? false : `no ${shell} to ask`;
  test(
    `a path in a command to copy is one word for ${shell}, and can't act on the terminal`,
    { skip },
    () => {
      const paths = [
        '',
        'plain/path-1.jsonl',
        'with space',
        "o'clock",
        '$(id) `id` \\ "',
        '-',
        '*?[a]',
        '~',
        'ü',
      ];
      paths.push('\u001b[2J', "\u001b[31m a'b\\", '\u009bA', '\u202etxt.a', 'a\nb\u0007', '\u001bface');
      for (const path of paths) {
        const word = shellWord(path);
        assert.equal(escapeText(word), word);
        const { stdout } = spawnSync(shell, ['-c', `printf '%s|' a ${word} b`], { encoding: 'utf8' });
        assert.equal(stdout, `a|${path}|b|`, word);
      }
    },
  );
}

test('a hexadecimal digit behind an escape is kept apart from it, as ksh would read it with it', () => {
  assert.equal(shellWord('\u001bface'), String.raw`$'\x1b'$'face'`);
});

const wc = spawnSync('wc', ['-L'], { input: '日', env: { LC_ALL: 'C.UTF-8' }, encoding: 'utf8' });

test(
  'the width of wide letters, accents and emoji is what the C library says',
  { skip: wc.stdout?.trim() === '2' ? false : 'no wc -L that knows UTF-8' },
  () => {
    for (const text of [
      'plain',
      '日本語',
      'e\u0301',
      '한국어',
      'ｆｕｌｌ',
      'ﾊﾝ',
      '😀',
      '🚀x',
      '✓',
      'Ω',
      '…',
      '─',
      '❤',
    ]) {
      const { stdout } = spawnSync('wc', ['-L'], {
        input: text,
        env: { LC_ALL: 'C.UTF-8' },
        encoding: 'utf8',
      });
      assert.equal(displayWidth(text), Number(stdout), text);
    }
  },
);

test('an emoji of several code points takes two columns, as terminals draw it', () => {
  for (const emoji of ['👩‍🚀', '👍🏽', '🇩🇪', '❤️']) assert.equal(displayWidth(emoji), 2, emoji);
});

test('text is cut by what it takes on a screen, and never within a character', () => {
  const mark = ELLIPSIS;
  assert.equal(cut('python3', 7), 'python3');
  assert.equal(cut('python3.12', 8), `python3.12`.slice(0, 8 - mark.length) + mark);
  for (const text of ['日本語日本語', '👩‍🚀👩‍🚀👩‍🚀👩‍🚀', 'ae\u0301'.repeat(9), '𠀋𠀋𠀋𠀋𠀋']) {
    for (let width = 0; width <= 12; width += 1) {
      const short = cut(text, width);
      assert.ok(displayWidth(short) <= width, `${width}: ${short}`);
      const kept = short.endsWith(mark) ? short.slice(0, -mark.length) : short;
      assert.ok(text.startsWith(kept));
      assert.doesNotMatch(text.slice(kept.length), /^[\p{M}\u200d\udc00-\udfff]/u);
    }
  }
  assert.equal(pad('日本', 6, 'left'), '日本  ');
  assert.equal(pad('日本', 6, 'right'), '  日本');
  assert.deepEqual(wrap('日本 語 ab', 7), ['日本 語', 'ab']);
});

test('a bar is as long as its share, and what is not empty shows', () => {
  assert.deepEqual(
    [0, 0.001, 0.5, 0.99, 1, 1.4].map((share) => drawBar(share, 4, BLOCKS)),
    ['    ', '▏   ', '██  ', '████', '████', '████'],
  );
});
