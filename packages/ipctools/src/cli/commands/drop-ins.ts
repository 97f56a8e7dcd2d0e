import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { accessSync, constants, realpathSync, statSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lookAt, NAMES, writeScript } from '../../compat/util-linux/scripts.js';
import { REFUSED } from '../explain.js';

interface DropInsOptions {
  readonly install?: string;
  readonly remove?: string;
}

export async function run(_words: readonly string[], options: DropInsOptions): Promise<number> {
  const { install, remove } = options;
  if (install !== undefined && remove !== undefined) {
    throw new UsageError('--install and --remove are two commands; give one of them');
  }
  if (install !== undefined) return await installInto(folderOf(install));
  return remove === undefined ? await tell() : await removeFrom(folderOf(remove));
}

function folderOf(word: string): string {
  const folder = resolve(word);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new ExitError(EXIT.failed, `there is no folder ${folder}; make it with: mkdir -p ${folder}`);
}

/** All or nothing: every place is looked at before the first script is written. */
async function installInto(folder: string): Promise<number> {
  const taken = NAMES.find((name) => lookAt(join(folder, name)) === 'other');
  if (taken !== undefined) {
    throw new ExitError(
      REFUSED,
      `${join(folder, taken)} is another program's, so nothing was installed; choose a folder that is earlier in PATH`,
    );
  }
  // npm starts it by a link, whose folder may be another one tomorrow.
  const entry = realpathSync(process.argv[1] ?? '');
  for (const name of NAMES) writeScript(name, join(folder, name), entry);
  await print(`installed ${NAMES.join(', ')} in ${folder}`);
  if (NAMES.every((name) => firstInPath(name) === join(folder, name))) return EXIT.done;
  note(`ipctools: shells find other programs first, or none: begin PATH with ${folder}`);
  return EXIT.done;
}

/** Leaves alone what `--install` did not write. */
async function removeFrom(folder: string): Promise<number> {
  const removed = NAMES.filter((name) => lookAt(join(folder, name)) === 'ours');
  for (const name of removed) unlinkSync(join(folder, name));
  await print(
    removed.length === 0 ? `no drop-ins in ${folder}` : `removed ${removed.join(', ')} from ${folder}`,
  );
  for (const name of NAMES.filter((each) => lookAt(join(folder, each)) === 'other')) {
    note(`ipctools: ${join(folder, name)} is another program's, and stays`);
  }
  return removed.length === 0 ? EXIT.failed : EXIT.done;
}

/** What a shell finds for each name. */
async function tell(): Promise<number> {
  for (const name of NAMES) {
    const path = firstInPath(name);
    const whose = path === undefined ? 'not found in PATH' : whoseIs(path);
    await print(`${name}  ${whose}`);
  }
  return EXIT.done;
}

function whoseIs(path: string): string {
  return `${path}  ${lookAt(path) === 'ours' ? 'ipctools' : "another program's"}`;
}

function firstInPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').map((folder) => resolve(folder));
  return folders.map((folder) => join(folder, name)).find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function print(line: string): Promise<void> {
  await new Output().deliver(`${escapeText(line)}\n`);
}
