// The manual pages of each command, from the tables that its help is made of.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { manualPages } from '@timeq/cli-kit/verbs/man/pages';
import { outputOf } from './commands.js';

// Reproducible builds set it (https://reproducible-builds.org/specs/source-date-epoch/).
const { SOURCE_DATE_EPOCH: epoch } = process.env;
const date = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);

/** Writes a command's pages beside its bundle. */
export async function writeManual({ home, manual }) {
  const { PROGRAM, program } = await import(pathToFileURL(join(home, 'dist', 'cli', 'program.js')));
  const folder = join(outputOf(home), 'man');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of await manualPages(PROGRAM ?? program({}), { date, ...manual })) {
    writeFileSync(join(folder, file), text);
  }
}
