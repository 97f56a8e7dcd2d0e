/** Quotes a word for a shell: on some machines paths contain spaces and apostrophes. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
