import { escapeText } from '@timeq/cli-kit/text/escape';
import { remarkOnZone } from '../notes.js';
import type { Settings } from '../settings.js';
import { serverText, type AnswerWriter } from './server-text.js';

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
