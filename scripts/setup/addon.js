// The step that builds the native addon.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';
import { hashOf, Stamp } from './stamp.js';
import { runStep } from './step.js';

const home = join(root, 'packages', 'mq-native');
const output = join(home, 'build', 'mq_native.node');
const stamp = new Stamp('addon');

// Warnings fail only the project's own checks: a user's newer compiler may have new ones.
const buildOptions = process.env.CI ? ['--werror'] : [];

export function isCurrent() {
  const last = stamp.read();
  return last !== undefined && last === finished(sourcesHash());
}

export async function run() {
  stamp.clear();
  const sources = sourcesHash();
  const script = join(home, 'scripts', 'build-native.js');
  await runStep('Building the addon', process.execPath, [script, ...buildOptions], { showOutput: true });
  const now = finished(sources);
  if (now !== undefined) stamp.write(now);
}

/** All inputs of the addon's build; undefined while one of them is missing. */
function sourcesHash() {
  try {
    const files = ['native', 'scripts'].flatMap((folder) =>
      readdirSync(join(home, folder))
        .toSorted()
        .map((name) => join(home, folder, name)),
    );
    files.push(join(root, 'node_modules', 'node-api-headers', 'package.json'));
    const contents = files.flatMap((file) => [file, readFileSync(file)]);
    const { CC = '', CFLAGS = '' } = process.env;
    return hashOf(...contents, ...buildOptions, CC, CFLAGS, process.platform, process.arch);
  } catch {
    return undefined;
  }
}

function finished(sources) {
  const built = statSync(output, { throwIfNoEntry: false });
  return sources && built && hashOf(sources, `${built.size} ${built.ctimeMs}`);
}
