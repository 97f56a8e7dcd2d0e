import assert from 'node:assert/strict';
import test from 'node:test';
import { sceneOnTerminal, skipWithoutTerminals } from '../support.js';
import { tools } from '../world.js';

const onTerminal = skipWithoutTerminals();

for (const env of [{ LC_ALL: 'C' }, { LC_ALL: 'C.UTF-8', TERM: 'dumb' }]) {
  const name = Object.entries(env).map((pair) => pair.join('='));
  test(`with ${name.join(' ')} ipctools prints ASCII only`, { skip: onTerminal }, async (t) => {
    const script = `${tools} stty rows 30; export PAGER=cat
ipctools create --key 0x80 >/dev/null; ipctools send 0x80 "$(seq 1 99 | tr '\\n' ' ')"; ipcmk -M 5000 >/dev/null
ipctools; ipctools list; ipctools show 0x80; ipctools peek 0x80; ipctools limits; ipctools stale all --explain
ipctools rm 0x80 --dry-run; ipctools clean --older-than 0 --dry-run; ipctools watch --count 1; ipctools --help
for verb in list show clean watch; do ipctools $verb --help; done; echo end`;
    const { stdout } = await sceneOnTerminal(t, script, 60, env).exit();
    assert.match(stdout, /end\r?\n$/);
    assert.match(stdout, /0x00000080/);
    const faulty = stdout
      .replaceAll('\u001b', '')
      .split('\n')
      .find((line) => /[^\t\r\x20-\x7e]/.test(line));
    assert.equal(faulty, undefined);
  });
}
