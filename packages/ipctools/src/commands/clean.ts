import { jsonText } from '@timeq/cli-kit/text/escape';
import { readDuration } from '@timeq/cli-kit/args/duration';
import { chooseOnTerminal } from '../cleaning/choose.js';
import { backupFrom, cleanStale, NOTHING_DONE, type Cleaning } from '../cleaning/clean.js';
import { cleaningJson, closingLines, stayLines, totalFreed } from '../cleaning/report.js';
import { parseSelectionOfObjects, type CleaningOptions } from '../cleaning/selection.js';
import { judgementColumns } from '../evidence/columns.js';
import { judgementJson } from '../evidence/json.js';
import type { Judgement } from '../evidence/judgement.js';
import { survey } from '../evidence/survey.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { Facts } from '../facts.js';
import { Failure, usageFailure } from '../failure.js';
import { formatCount } from '../format/count.js';
import { formatSize } from '../format/bytes.js';
import { writeTable } from '../format/table.js';
import type { IpcObject } from '../objects/ipc-object.js';
import { parseKindNames } from '../objects/kind-names.js';
import { canAsk } from '@timeq/cli-kit/terminal/confirm';
import { requireConsent } from '../terminal/consent.js';
import { note, noteGivenUp } from '../terminal/notes.js';
import { Output } from '../terminal/output.js';
import { screenOf } from '../terminal/screen.js';
import { USUAL_AGE } from './stale.js';

export interface CleanOptions extends CleaningOptions {
  readonly kind?: readonly string[];
  readonly olderThan?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  /** A file's name with --backup, false with --no-backup. */
  readonly backup?: string | boolean;
  readonly json?: true;
}

async function choose(candidates: readonly Judgement[], yes: boolean): Promise<readonly Judgement[]> {
  if (yes) return candidates;
  if (!canAsk()) {
    throw new Failure(
      EXIT.refused,
      'nobody to ask without a terminal; nothing done (--yes cleans all that is stale)',
    );
  }
  const chosen = await chooseOnTerminal(candidates);
  await requireConsent(`Remove ${formatCount(chosen.length, 'object')}?`, false);
  return chosen;
}

function json(candidates: readonly Judgement[], cleaning: Cleaning, dryRun: boolean): string {
  const judged = new Map(candidates.map((judgement) => [judgement.evidence.object, judgement]));
  const describe = (object: IpcObject): Record<string, unknown> => {
    const judgement = judged.get(object);
    return judgement === undefined ? {} : judgementJson(judgement);
  };
  const cleaned = cleaningJson(cleaning, describe);
  return `${jsonText({ cleaning: { dryRun, candidates: candidates.map(judgementJson), ...cleaned } }, 2)}\n`;
}

export async function run(words: readonly string[], options: CleanOptions): Promise<ExitCode> {
  if (words.length > 0) throw usageFailure(`clean takes no words; '${words.join(' ')}' is too much`);
  const kinds = parseKindNames(options.kind ?? []);
  const criteria = { olderThanSeconds: readDuration(options.olderThan ?? USUAL_AGE) / 1000 };
  const facts = new Facts();
  const isWanted = parseSelectionOfObjects(options, facts.owners);
  const candidates = survey(kinds, criteria, facts).filter(
    ({ verdict, evidence }) => verdict === 'stale' && isWanted(evidence.object),
  );
  const dryRun = options.dryRun === true;
  const text = options.json !== true;
  const output = new Output();
  const asks = options.yes !== true && !dryRun && canAsk();
  if (text && candidates.length > 0 && !asks) {
    const screen = screenOf();
    noteGivenUp(
      await writeTable(candidates, judgementColumns(facts), { header: true, screen, output }),
      screen,
    );
    await output.flush();
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
  if (!text) await output.write(json(candidates, cleaning, dryRun));
  else if (dryRun) {
    const freed = totalFreed(candidates.map(({ evidence }) => evidence.object));
    await output.write(`would remove ${candidates.length} (${formatSize(freed)}); nothing done\n`);
  } else {
    const lines = candidates.length === 0 ? ['nothing is stale; nothing done'] : closingLines(cleaning);
    for (const line of lines) await output.write(`${line}\n`);
  }
  await output.flush();
  return cleaning.failed.length > 0 ? EXIT.failed : EXIT.done;
}
