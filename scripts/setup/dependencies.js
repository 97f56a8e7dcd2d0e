// The step that installs what package-lock.json lists.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';
import { hashOf, Stamp } from './stamp.js';
import { runStep } from './step.js';

const stamp = new Stamp('dependencies');

export function isCurrent() {
  const wanted = lockHash();
  if (stamp.read() === wanted) return true;
  if (!isInstalled()) return false;
  stamp.write(wanted);
  return true;
}

export async function run() {
  const wanted = lockHash();
  stamp.clear();
  // npm passes its own path to scripts (npm_execpath); if npm did not start this script, npm must be in the PATH.
  const npm = process.env.npm_execpath;
  const isScript = npm !== undefined && /npm-cli\.[cm]?js$/.test(npm);
  await runStep(
    'Installing the dependencies (npm ci)',
    isScript ? process.execPath : 'npm',
    isScript ? [npm, 'ci'] : ['ci'],
  );
  stamp.write(wanted);
}

/** Identifies the installed state for the steps that depend on it. */
export function lockHash() {
  return hashOf(readFileSync(join(root, 'package-lock.json')));
}

// npm keeps a record of what it put into node_modules. After an "npm install" by hand, that record says
// that all is installed, and "npm ci" would only delete node_modules under running programs.
function isInstalled() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return false;
  const names = new Set([...Object.keys(wanted), ...Object.keys(installed)]);
  names.delete('');
  return [...names].every((name) => {
    if (installed[name] === undefined) return wanted[name].optional === true;
    // Other fields differ between versions of npm: npm 10 leaves out `libc`.
    const { version, integrity } = wanted[name] ?? {};
    return installed[name].version === version && installed[name].integrity === integrity;
  });
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
