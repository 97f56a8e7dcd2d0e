import { formatVerdict } from '../evidence/columns.js';
import type { Judgement } from '../evidence/judgement.js';
import { EXIT, exitCodeOfSignal } from '../exit-code.js';
import { Failure } from '../failure.js';
import { escapeControls } from '../format/text.js';
import { nameCandidate } from '../objects/removal.js';

function label(judgement: Judgement): string {
  const { evidence } = judgement;
  const { object, messages } = evidence;
  const content = object.kind === 'queue' && messages > 0 ? `, ${messages} messages` : '';
  return escapeControls(`${nameCandidate(object)}${content} (${formatVerdict(judgement)})`);
}

/**
 * Lets a person choose from what is stale. Only what is proven is chosen beforehand.
 * @throws Failure when interrupted, or if nothing is chosen
 */
export async function chooseOnTerminal(candidates: readonly Judgement[]): Promise<readonly Judgement[]> {
  const { isCancel, multiselect } = await import('@clack/prompts');
  const options = candidates.map((judgement, index) => ({
    value: index,
    label: label(judgement),
    hint: escapeControls(judgement.reasons.join('; ')),
  }));
  const chosen = await multiselect({
    message: 'Remove which? (space chooses, a all, enter goes on)',
    options,
    initialValues: options
      .filter(({ value }) => candidates[value]?.proven === true)
      .map(({ value }) => value),
    required: false,
    output: process.stderr,
    maxItems: 15,
  });
  if (isCancel(chosen)) throw new Failure(exitCodeOfSignal('SIGINT'), 'interrupted; nothing done');
  if (chosen.length === 0) throw new Failure(EXIT.refused, 'nothing chosen; nothing done');
  return candidates.filter((_, index) => chosen.includes(index));
}
