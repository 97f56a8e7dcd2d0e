import { escapeText } from '@timeq/cli-kit/text/escape';
import type { TimeAnswer } from '../../client/answers.js';
import { remarkOnZone } from '../notes.js';
import type { Settings } from '../settings.js';

/** Writes an answer in one line, as the command line asks for it. */
export type AnswerWriter = (answer: TimeAnswer) => string;

/** The writer for `--format`, `--zone` and `--json`. Loads only what these need. */
export async function answerWriter(settings: Settings): Promise<AnswerWriter> {
  if (isVerbatim(settings)) return (answer) => escapeText(serverText(answer));
  const { formattedWriter, jsonWriter } = await import('./answer-moment.js');
  if (settings.zone === undefined) await remarkOnZone();
  return settings.json ? await jsonWriter(settings) : await formattedWriter(settings);
}

/** Whether answers are printed as the server wrote them. */
export function isVerbatim({ json, format = 'asctime', zone }: Settings): boolean {
  return !json && format === 'asctime' && zone === undefined;
}

/** The server's own text, without the newline and the NUL with which C programs end theirs. */
export function serverText(answer: TimeAnswer): string {
  const text = answer.dialect === 'classic' ? answer.text : answer.asctime;
  return text.replace(/[\n\r\0]+$/, '');
}
