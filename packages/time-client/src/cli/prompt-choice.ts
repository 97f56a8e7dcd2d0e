import { escapeText } from '@timeq/cli-kit/text/escape';
import { CLASSIC_REPLY, REQUEST, STOP } from '@timeq/time-protocol';

/** The meaning of a line at the prompt. */
type Choice =
  | { readonly kind: 'time' | 'stop' | 'leave' | 'nothing' }
  | { readonly kind: 'nonsense'; readonly sentence: string };

const LEAVE: ReadonlySet<string> = new Set(['q', 'quit', 'exit']);
const LONGEST_SHOWN = 40;

export function readChoice(line: string): Choice {
  const word = line.trim();
  if (word === '') return { kind: 'nothing' };
  if (LEAVE.has(word.toLowerCase())) return { kind: 'leave' };
  if (word === String(REQUEST)) return { kind: 'time' };
  if (word === String(STOP)) return { kind: 'stop' };
  return { kind: 'nonsense', sentence: nonsense(word) };
}

function nonsense(word: string): string {
  const choices = 'type 1 for the time, 2 to stop the server, or q to quit';
  if (word === String(CLASSIC_REPLY)) return `Type 3 is the server's reply; ${choices}.`;
  if (/^[-+]?\d+$/.test(word)) return `The server takes no message type ${shown(word)}; ${choices}.`;
  return `"${shown(word)}" is not a message type; ${choices}.`;
}

function shown(word: string): string {
  const text = escapeText(word);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
