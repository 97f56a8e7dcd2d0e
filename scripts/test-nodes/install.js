// Finds the executable of a version of Node.js.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';

/** Returns a file as it is. A version is installed from npm, outside the checkout, on first use. */
export function nodeOf(versionOrFile) {
  if (existsSync(versionOrFile)) return resolve(versionOrFile);
  // The package that npm's package "node" would fetch with a script.
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(tmpdir(), `timeq-nodes-${process.getuid?.() ?? 0}`, versionOrFile);
  const executable = join(home, 'node_modules', name, 'bin', 'node');
  if (existsSync(executable)) return executable;
  if (!/^\d+(\.\d+){0,2}$/.test(versionOrFile)) {
    throw new ExpectedError(
      `--node ${versionOrFile}: there is no such file, and a version is a number such as 24`,
    );
  }
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  console.log(`Installing Node.js ${versionOrFile} into ${home} ...`);
  const { status } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${versionOrFile}`],
    { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0 || !existsSync(executable)) {
    throw new ExpectedError(
      `${name}@${versionOrFile} was not installed: give the path of a node with --node FILE`,
    );
  }
  return executable;
}

/** The version that it reports. */
export function versionOf(executable) {
  const { status, stdout } = spawnSync(executable, ['--version'], { encoding: 'utf8' });
  if (status !== 0 || !/^v\d/.test(stdout)) throw new ExpectedError(`${executable} is not a Node.js`);
  return stdout.trim().slice(1);
}
