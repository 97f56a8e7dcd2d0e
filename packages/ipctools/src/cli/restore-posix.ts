import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { formatCount } from '../format/count.js';
import { namePosix } from '../model/posix/objects.js';
import { findPlaces } from '../model/posix/places.js';
import { obstacleTo, readPosixCopies, restorePosix, type PosixCopy } from '../posix/restore.js';
import { formatSize } from '../render/bytes.js';

function describe(copy: PosixCopy): string {
  const content =
    copy.kind === 'posix queue' ? formatCount(copy.messages.length, 'message') : formatSize(copy.size);
  return escapeText(`${namePosix(copy)}: ${content}`);
}

/** `restore` for a backup of POSIX objects. @returns the exit code */
export async function restorePosixBackup(
  path: string,
  { dryRun = false, json = false }: { readonly dryRun?: boolean; readonly json?: boolean },
): Promise<number> {
  const copies = readPosixCopies(path);
  const places = findPlaces();
  const obstacles = copies.flatMap((copy) => obstacleTo(copy, places) ?? []);
  const does = !dryRun && obstacles.length === 0;
  const kept = does ? restorePosix(copies, places) : [];
  const output = new Output();
  if (json) {
    const objects = copies.map(({ kind, name, size, messages }) => ({
      kind,
      name,
      bytes: size,
      messages: messages.length,
    }));
    await output.write(`${jsonText({ restoration: { dryRun, done: does, obstacles, objects } }, 2)}\n`);
  } else {
    for (const copy of copies) await output.write(`${does ? 'restored ' : ''}${describe(copy)}\n`);
  }
  await output.flush();
  for (const copy of kept)
    note(`ipctools: ${namePosix(copy)} belongs to you now: only root gives it to user ${copy.uid}`);
  for (const obstacle of obstacles) note(`ipctools: ${obstacle}`);
  if (obstacles.length > 0) note('ipctools: nothing done');
  return obstacles.length > 0 ? EXIT.failed : EXIT.done;
}
