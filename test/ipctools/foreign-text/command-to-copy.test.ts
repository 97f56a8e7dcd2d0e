import assert from 'node:assert/strict';
import test from 'node:test';
import { temporaryFolder } from '../../helpers/folder.js';
import { playScene, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';
import { HOSTILE, UNSAFE } from './scene.js';

const skip = skipWithoutWorlds();

test(
  'the command that brings a copy back works as it is printed, whatever the folder is called',
  { skip },
  async (t) => {
    const env = { XDG_STATE_HOME: `${temporaryFolder(t)}/${HOSTILE} it's` };
    const script = `${tools} ipctools create --key 0x80 >/dev/null; ipctools send 0x80 one
said=$(ipctools remove 0x80 --yes); echo "$said"; eval "\${said##*to restore it: }"; ipctools receive 0x80`;
    const { stdout, stderr } = await playScene(t, script, { env });
    assert.equal(stderr, '');
    assert.doesNotMatch(stdout.replaceAll('\n', ''), UNSAFE);
    assert.match(stdout, /\nrestored to queue 1; .*\none\n$/);
  },
);
