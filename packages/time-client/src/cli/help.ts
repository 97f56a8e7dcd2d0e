import { EXIT_CODES } from './exit-codes.js';
import type { Verb } from './verb.js';

/** What the program's help says after its options and verbs. */
export function programHelp(): string {
  return [
    '',
    'Without a verb, on a terminal: asks for the message type to send (1: the time,',
    '2: stop the server, q: leave). Without a verb and without a terminal: now.',
    '',
    'Examples:',
    ...exampleLines([
      ['time-client', 'the prompt'],
      ['time-client now', 'the time'],
      ['time-client now --format iso --zone UTC', 'with nanoseconds'],
      ['time-client --key 0x1234 status', 'how a server at another key is doing'],
      ['time-client now --classic', 'from a server that knows types 1, 2 and 3 only'],
      ['time-client stop', 'and no queue is left'],
    ]),
    '',
    'Exit codes:',
    ...EXIT_CODES.map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join('\n');
}

/** What a verb's help says after its options. */
export function verbHelp({ details, examples }: Verb): string {
  return ['', details, '', 'Examples:', ...exampleLines(examples)].join('\n');
}

function exampleLines(examples: Verb['examples']): string[] {
  return examples.map(([command, what]) => `  ${command}\n      ${what}`);
}
