import assert from 'node:assert/strict';
import test from 'node:test';
import { sceneOnTerminal, skipWithoutTerminals } from '../support.js';
import { HOSTILE, UNSAFE } from './scene.js';

test(
  'a body that receive prints does not act on the terminal',
  { skip: skipWithoutTerminals() },
  async (t) => {
    const scene = `ipctools create --key 0x80 >/dev/null; ipctools send 0x80 "$BODY"; ipctools receive 0x80`;
    const { code, stdout } = await sceneOnTerminal(t, scene, 80, { BODY: HOSTILE }).exit();
    assert.equal(code, 0);
    assert.match(stdout, /ev\\x1b\[2J\\x9b\\u202eil/);
    assert.doesNotMatch(stdout, UNSAFE);
  },
);
