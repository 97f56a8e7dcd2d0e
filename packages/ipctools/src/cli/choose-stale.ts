import { ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { isDumb } from '@timeq/cli-kit/text/dumb';
import { Output } from '@timeq/cli-kit/output/output';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { Judgement } from '../evidence/judgement.js';
import { formatCount } from '../format/count.js';
import type { Facts } from '../model/facts.js';
import type { IpcObject } from '../model/ipc-object.js';
import { formatSize } from '../render/bytes.js';
import { totalFreed } from '../render/cleaning.js';
import { choiceColumns, formatVerdict, judgementColumns } from '../render/judgement-columns.js';
import { interrupted } from '@timeq/cli-kit/prompts/consent';
import { requireConsent } from './consent.js';
import { REFUSED } from './explain.js';

const freed = (judgements: readonly Judgement[]): string =>
  formatSize(totalFreed(judgements.map(({ evidence }) => evidence.object)));

/**
 * Lets the user choose from the stale objects. Only proven ones are chosen at first, and what `isChosen` tells.
 * @throws ExitError if interrupted, or if nothing is chosen
 */
async function chooseFromList(
  candidates: readonly Judgement[],
  facts: Facts,
  isChosen: (object: IpcObject) => boolean,
): Promise<readonly Judgement[]> {
  const { chooseFrom } = await import('@timeq/cli-kit/prompts/choose');
  const chosen = await chooseFrom({
    title: 'Remove which?',
    rows: candidates,
    columns: choiceColumns(facts),
    isChosen: ({ proven, evidence }) => proven || isChosen(evidence.object),
    detail: (judgement) => `${formatVerdict(judgement)}: ${judgement.reasons.join('; ')}`,
    preset: { key: 'p', name: 'proven', holds: ({ proven }) => proven },
    total: freed,
  });
  if (chosen === undefined) throw interrupted();
  if (chosen.length === 0) throw new ExitError(REFUSED, 'nothing selected; nothing done');
  return chosen;
}

/**
 * Lets the user choose, shows what will be removed, and asks. On a dumb terminal it is about all of them.
 * @throws ExitError if interrupted, if nothing is chosen or if the answer is no
 */
export async function chooseWithConsent(
  candidates: readonly Judgement[],
  facts: Facts,
  isChosen: (object: IpcObject) => boolean = () => false,
): Promise<readonly Judgement[]> {
  const chosen = isDumb() ? candidates : await chooseFromList(candidates, facts, isChosen);
  const output = new Output(process.stderr);
  await writeTable(chosen, judgementColumns(facts), output);
  await output.flush();
  const unproven = chosen.filter(({ proven }) => !proven).length;
  // The table shows it for each, and some rows may have scrolled away.
  const warning = unproven > 0 ? ` (${unproven} of them not proven stale)` : '';
  await requireConsent(`Remove ${formatCount(chosen.length, 'object')}${warning}?`, false);
  return chosen;
}
