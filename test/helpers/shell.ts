/** A word of a shell's program, whatever is in it: paths have spaces and apostrophes on some machines. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
