import assert from 'node:assert/strict';
import test from 'node:test';
import { showsUnicode } from '@timeq/cli-kit/text/character-set';

test('the locale says whether more than ASCII can be shown, by its first variable that is set', () => {
  assert.ok(showsUnicode({ LANG: 'de_DE.UTF-8' }));
  assert.ok(showsUnicode({ LANG: 'C', LC_CTYPE: 'en_US.utf8' }));
  assert.ok(showsUnicode({ LC_ALL: '', LANG: 'C.UTF-8' }));
  assert.ok(!showsUnicode({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }));
  assert.ok(!showsUnicode({ LANG: 'de_DE.UTF-8', LC_CTYPE: 'POSIX' }));
  assert.ok(!showsUnicode({ LANG: 'de_DE.ISO-8859-1' }));
  assert.ok(!showsUnicode({}));
});

test('a dumb terminal shows ASCII only', () => {
  assert.ok(!showsUnicode({ LANG: 'C.UTF-8', TERM: 'dumb' }));
});
