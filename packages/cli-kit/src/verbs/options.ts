import type { OptionRow } from './verb.js';

/** `-Q` and `--queue-key` of `-Q, --queue-key <key>`. */
export function flagsOf({ flags }: OptionRow): string[] {
  return flags
    .replace(/[<[].*$/, '')
    .trim()
    .split(/,\s*/);
}

export function takesValue({ flags }: OptionRow): boolean {
  return flags.includes('<');
}

/** The option that a word is, with or without its value: `--key`, `--key=5`, `-k5`. */
export function optionOf(
  word: string,
  options: readonly OptionRow[],
): { readonly option: OptionRow; readonly hasValue: boolean } | undefined {
  const flag = word.startsWith('--') ? word.replace(/=.*$/s, '') : word.slice(0, 2);
  const option = options.find((row) => flagsOf(row).includes(flag));
  return option && { option, hasValue: word !== flag };
}
