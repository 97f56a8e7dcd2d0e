import { jsonText } from '@timeq/cli-kit/text/escape';
import { backupFrom, cleanStale, NOTHING_DONE, type Cleaning } from '../../cleaning/clean.js';
import { chooseWithConsent } from '../choose-stale.js';
import { surveySettled, surveyWanted, type Survey } from '../survey-wanted.js';
import { unknownLines } from '../../render/unknown.js';
import { cleaningJson, closingLines, stayLines, totalFreed } from '../../render/cleaning.js';
import { parseSelectionOfObjects, type CleaningOptions } from '../object-selection.js';

import { judgementColumns } from '../../render/judgement-columns.js';
import { judgementJson } from '../../render/judgement-json.js';
import type { Judgement } from '../../evidence/judgement.js';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { REFUSED } from '../explain.js';
import { formatSize } from '../../render/bytes.js';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { IpcObject } from '../../model/ipc-object.js';
import { parseKindNames } from '../../model/kind-names.js';
import { Owners } from '../../model/owners.js';
import { canAsk } from '@timeq/cli-kit/prompts/confirm';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { criteriaFrom, type CriteriaOptions } from '../criteria.js';

interface CleanOptions extends CleaningOptions, CriteriaOptions {
  readonly kind?: readonly string[];
  readonly dryRun?: true;
  readonly yes?: true;
  /** A file's name with --backup, false with --no-backup. */
  readonly backup?: string | boolean;
  readonly json?: true;
}

async function choose({ candidates, facts }: Survey, yes: boolean): Promise<readonly Judgement[]> {
  if (yes) return candidates;
  if (!canAsk()) {
    throw new ExitError(
      REFUSED,
      'cannot ask without a terminal; nothing done (--yes cleans everything that is stale)',
    );
  }
  return chooseWithConsent(candidates, facts);
}

function json({ candidates, unknown }: Survey, cleaning: Cleaning, dryRun: boolean): string {
  const judged = new Map(candidates.map((judgement) => [judgement.evidence.object, judgement]));
  const describe = (object: IpcObject): Record<string, unknown> => {
    const judgement = judged.get(object);
    return judgement === undefined ? {} : judgementJson(judgement);
  };
  const cleaned = cleaningJson(cleaning, describe);
  const found = { candidates: candidates.map(judgementJson), unknown: unknown.map(judgementJson) };
  return `${jsonText({ cleaning: { dryRun, ...found, ...cleaned } }, 2)}\n`;
}

export async function run(_words: readonly string[], options: CleanOptions): Promise<number> {
  const kinds = parseKindNames(options.kind ?? []);
  const criteria = criteriaFrom(options);
  const owners = new Owners();
  const isWanted = parseSelectionOfObjects(options);
  const dryRun = options.dryRun === true;
  const wanted = { kinds, criteria, owners, isWanted };
  const found = dryRun ? surveyWanted(wanted) : await surveySettled(wanted);
  const { candidates, unknown, facts } = found;
  const text = options.json !== true;
  const left = unknown.length > 0 ? `, left ${unknown.length} unknown` : '';
  const output = new Output();
  const asks = options.yes !== true && !dryRun && canAsk();
  // Before a question, the chosen ones are shown.
  if (candidates.length > 0 && text && !asks) {
    await writeTable(candidates, judgementColumns(facts), output);
    await output.flush();
  }
  const cleans = !dryRun && candidates.length > 0;
  const cleaning = cleans
    ? cleanStale(
        await choose(found, options.yes === true),
        criteria,
        backupFrom(options.backup, 'clean'),
        facts,
      )
    : NOTHING_DONE;
  for (const line of stayLines(cleaning)) note(line);
  if (text) for (const line of unknownLines(unknown)) note(line);
  if (!text) await output.write(json(found, cleaning, dryRun));
  else if (dryRun) {
    const freed = totalFreed(candidates.map(({ evidence }) => evidence.object));
    await output.write(`would remove ${candidates.length} (${formatSize(freed)})${left}; nothing done\n`);
  } else {
    const lines =
      candidates.length === 0
        ? [`nothing is stale${left}; nothing done`]
        : closingLines(cleaning, { unknown: unknown.length });
    for (const line of lines) await output.write(`${line}\n`);
  }
  await output.flush();
  return cleaning.failed.length > 0 ? EXIT.failed : EXIT.done;
}
