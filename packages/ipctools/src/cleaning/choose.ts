import { formatVerdict } from '../evidence/columns.js';
import type { Judgement } from '../evidence/judgement.js';
import { EXIT, exitCodeOfSignal } from '../exit-code.js';
import { Failure } from '../failure.js';
import { formatCount } from '../format/count.js';
import { cut, escapeControls } from '../format/text.js';
import { nameCandidate } from '../objects/removal.js';

/** Columns that the list's own frame takes. */
const FRAME = 8;

/** `queue 5 (key 0x00000080), 3 messages: stale, proven: its server 4711 died`, in one line of the terminal. */
function label(judgement: Judgement, width: number): string {
  const { evidence, reasons } = judgement;
  const { object, messages } = evidence;
  const content = messages > 0 ? `, ${formatCount(messages, 'message')}` : '';
  const text = `${nameCandidate(object)}${content}: ${formatVerdict(judgement)}: ${reasons.join('; ')}`;
  return cut(escapeControls(text), Math.max(FRAME, width - FRAME));
}

/**
 * Lets a person choose from what is stale. Only what is proven is chosen beforehand.
 * @throws Failure when interrupted, or if nothing is chosen
 */
export async function chooseOnTerminal(candidates: readonly Judgement[]): Promise<readonly Judgement[]> {
  const { isCancel, multiselect } = await import('@clack/prompts');
  const width = process.stderr.columns || 80;
  const options = candidates.map((judgement, index) => ({
    value: index,
    label: label(judgement, width),
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
