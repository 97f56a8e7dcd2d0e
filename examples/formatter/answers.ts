/** The child's answer to an empty message. No formatted text equals it: they all begin with "Ni!". */
export const NOTHING_TO_FORMAT = 'Error: an empty message cannot be formatted.';

/** Its answer to every other message. */
export function formatted(text: string): string {
  return `Ni! ${text} Ni!`;
}
