import { jsonText } from '@timeq/cli-kit/text/escape';
import { chooseOnTerminal } from '../choose-stale.js';
import { backupFrom, cleanStale, NOTHING_DONE, type Cleaning } from '../../cleaning/clean.js';
import { untilSettled } from '../../cleaning/settled.js';
import { unknownLines } from '../../render/unknown.js';
import { cleaningJson, closingLines, stayLines, totalFreed } from '../../render/cleaning.js';
import { parseSelectionOfObjects, type CleaningOptions } from '../object-selection.js';

import { isDumb } from '@timeq/cli-kit/output/dumb';
import { judgementColumns } from '../../render/judgement-columns.js';
import { judgementJson } from '../../render/judgement-json.js';
import type { Judgement } from '../../evidence/judgement.js';
import type { Criteria } from '../../evidence/rules.js';
import { survey } from '../../evidence/survey.js';
import { Facts } from '../../model/facts.js';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { REFUSED } from '../explain.js';
import { formatCount } from '../../format/count.js';
import { formatSize } from '../../render/bytes.js';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { IpcObject } from '../../model/ipc-object.js';
import { parseKindNames, type KindName } from '../../model/kind-names.js';
import { Owners } from '../../model/owners.js';
import { canAsk } from '@timeq/cli-kit/prompts/confirm';
import { requireConsent } from '../consent.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { criteriaFrom } from './stale.js';

interface CleanOptions extends CleaningOptions {
  readonly kind?: readonly string[];
  readonly olderThan?: string;
  readonly assumeUnseenIdle?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  /** A file's name with --backup, false with --no-backup. */
  readonly backup?: string | boolean;
  readonly json?: true;
}

async function choose(candidates: readonly Judgement[], yes: boolean): Promise<readonly Judgement[]> {
  if (yes) return candidates;
  if (!canAsk()) {
    throw new ExitError(
      REFUSED,
      'cannot ask without a terminal; nothing done (--yes cleans everything that is stale)',
    );
  }
  const chosen = isDumb() ? candidates : await chooseOnTerminal(candidates);
  const unproven = chosen.filter(({ proven }) => !proven).length;
  // The list shows it for each; the table for all, and some rows may have scrolled away.
  const warning = isDumb() && unproven > 0 ? ` (${unproven} of them not proven stale)` : '';
  await requireConsent(`Remove ${formatCount(chosen.length, 'object')}${warning}?`, false);
  return chosen;
}

/** The selected findings. */
interface Survey {
  readonly facts: Facts;
  readonly candidates: readonly Judgement[];
  readonly unknown: readonly Judgement[];
}

function surveyWanted(
  kinds: readonly KindName[],
  criteria: Criteria,
  facts: Facts,
  isWanted: (object: IpcObject) => boolean,
): Survey {
  const wanted = survey(kinds, criteria, facts).filter(({ evidence }) => isWanted(evidence.object));
  return {
    facts,
    candidates: wanted.filter(({ verdict }) => verdict === 'stale'),
    unknown: wanted.filter(({ verdict }) => verdict === 'unknown'),
  };
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
  const isWanted = parseSelectionOfObjects(options, owners);
  const look = (): Survey => surveyWanted(kinds, criteria, new Facts({ owners }), isWanted);
  const dryRun = options.dryRun === true;
  let found = look();
  if (!dryRun && (await untilSettled(found.candidates.map(({ evidence }) => evidence.object))))
    found = look();
  const { candidates, unknown, facts } = found;
  const text = options.json !== true;
  const left = unknown.length > 0 ? `, left ${unknown.length} unknown` : '';
  const output = new Output();
  const asks = options.yes !== true && !dryRun && canAsk();
  // The user has seen the question's objects: in the list, or in a table.
  if (candidates.length > 0 && (asks ? isDumb() : text)) {
    const table = text ? output : new Output(process.stderr);
    await writeTable(candidates, judgementColumns(facts), table);
    await table.flush();
  }
  const cleans = !dryRun && candidates.length > 0;
  const cleaning = cleans
    ? cleanStale(
        await choose(candidates, options.yes === true),
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
