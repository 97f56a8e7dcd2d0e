// The step that bundles the compiled commands.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commands, outputOf } from '../bundle/commands.js';
import { lockHash } from './dependencies.js';
import { root } from './root.js';
import { hashOf, Stamp } from './stamp.js';
import { runStep } from './step.js';

const stamp = new Stamp('bundling');

export function isCurrent() {
  return commands.length === 0 || stamp.read() === finished();
}

export async function run() {
  stamp.clear();
  await runStep('Bundling the commands', process.execPath, [join(root, 'scripts', 'bundle.js')]);
  stamp.write(finished());
}

/** The state of the inputs and the output of the bundles. */
function finished() {
  const folders = [
    join(root, 'scripts', 'bundle'),
    ...readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'dist')),
    ...['page/dist', 'page/static'].map((name) => join(root, 'packages', 'console', name)),
    ...commands.map(({ home }) => outputOf(home)),
  ];
  const files = folders.filter(existsSync).flatMap(filesIn);
  return hashOf(lockHash(), ...[join(root, 'scripts', 'bundle.js'), ...files].map(stateOf));
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.(c?js|\d|html|css|svg)$/.test(name))
    .map((name) => join(folder, name));
}

function stateOf(path) {
  const { size, ctimeMs } = statSync(path);
  return `${path} ${size} ${ctimeMs}`;
}
