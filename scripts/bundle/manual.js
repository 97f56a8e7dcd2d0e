// Writes the manual pages of each command, from the tables of its help.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { outputOf } from './commands.js';

// Reproducible builds set it (https://reproducible-builds.org/specs/source-date-epoch/).
const { SOURCE_DATE_EPOCH: epoch } = process.env;
const date = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);

/** Writes a command's pages beside its bundle; one without a table of verbs has none. */
export async function writeManual({ home, manual }) {
  const table = join(home, 'dist', 'cli', 'program.js');
  if (!existsSync(table)) return;
  const { PROGRAM, program } = await import(pathToFileURL(table));
  const { manualPages } = await import('@timeq/cli-kit/verbs/man/pages');
  const folder = join(outputOf(home), 'man');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of await manualPages(PROGRAM ?? program({}), { date, ...manual })) {
    writeFileSync(join(folder, file), text);
  }
}
