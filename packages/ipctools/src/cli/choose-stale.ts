import { escapeText } from '@timeq/cli-kit/text/escape';
import { formatVerdict } from '../render/judgement-columns.js';
import type { Judgement } from '../evidence/judgement.js';
import { ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { REFUSED } from './explain.js';
import { formatCount } from '../format/count.js';
import { nameObject } from '../model/ipc-object.js';
import { interrupted } from './consent.js';

/** `queue 5 (key 0x00000080), 3 messages: stale, proven: its server 4711 died`. */
function label(judgement: Judgement): string {
  const { evidence, reasons } = judgement;
  const { object, messages } = evidence;
  const content = messages > 0 ? `, ${formatCount(messages, 'message')}` : '';
  return escapeText(`${nameObject(object)}${content}: ${formatVerdict(judgement)}: ${reasons.join('; ')}`);
}

/**
 * Lets the user select from the stale objects. Only proven ones are selected at first.
 * @throws ExitError if interrupted, or if nothing is selected
 */
export async function chooseOnTerminal(candidates: readonly Judgement[]): Promise<readonly Judgement[]> {
  const { chooseFrom } = await import('@timeq/cli-kit/prompts/choose');
  const chosen = await chooseFrom(
    'Remove which? (space: select, a: all, enter: continue)',
    candidates.map((judgement) => ({
      value: judgement,
      label: label(judgement),
      chosen: judgement.proven,
    })),
  );
  if (chosen === undefined) throw interrupted();
  if (chosen.length === 0) throw new ExitError(REFUSED, 'nothing selected; nothing done');
  return chosen;
}
