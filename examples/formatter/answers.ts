/** What the child answers to an empty message. No formatted text is like it: they all begin with "Ni!". */
export const NOTHING_TO_FORMAT = 'Error: an empty message cannot be formatted.';

/** What it answers to every other one. */
export function formatted(text: string): string {
  return `Ni! ${text} Ni!`;
}
