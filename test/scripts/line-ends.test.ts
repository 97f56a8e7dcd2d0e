import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { root } from '../helpers/node.js';
import { run } from '../helpers/process.js';

const skip = existsSync(join(root, '.git')) ? skipWithoutCommands('git') : 'these are files without git';

test('git leaves the ends of lines as they are, also with core.autocrlf', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const git = async (...words: string[]): Promise<string> => {
    // It would refuse the checkout of another user.
    const { code, stdout, stderr } = await run(t, 'git', ['-c', 'safe.directory=*', ...words], { cwd: root });
    assert.equal(code, 0, stderr);
    return stdout;
  };
  await git('-c', 'core.autocrlf=true', 'checkout-index', '--all', `--prefix=${folder}/`);
  const files = (await git('ls-files', '-z'))
    .split('\0')
    // The signature of a picture has such an end of line.
    .filter((file) => !file.endsWith('.png'))
    .filter((file) => lstatSync(join(folder, file), { throwIfNoEntry: false })?.isFile());
  assert.ok(files.includes('scripts/bare-machine'));
  assert.deepEqual(
    files.filter((file) => readFileSync(join(folder, file)).includes('\r\n')),
    [],
  );
});
