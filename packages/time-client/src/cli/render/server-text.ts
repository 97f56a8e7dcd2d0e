import type { TimeAnswer } from '../../client/answers.js';

/** Writes an answer in one line, as the command line asks for it. */
export type AnswerWriter = (answer: TimeAnswer) => string;

/** The server's own text, without the newline and the NUL with which C programs end theirs. */
export function serverText(answer: TimeAnswer): string {
  const text = answer.dialect === 'classic' ? answer.text : answer.asctime;
  return text.replace(/[\n\r\0]+$/, '');
}
