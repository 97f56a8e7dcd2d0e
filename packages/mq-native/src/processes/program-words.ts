import { basename, dirname } from 'node:path';

/** Programs that run a script, and those of their options whose value is the next word. */
const INTERPRETERS: readonly (readonly [name: RegExp, options: RegExp])[] = [
  [/^(?:node|nodejs)$/, /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions)$/],
  [/^(?:bun|deno)$/, /^(?:-r|--preload|--config|-c)$/],
  [/^python[\d.]*$/, /^-[WX]$/],
  [/^(?:perl|ruby)[\d.]*$/, /^-I$/],
  [/^php[\d.]*$/, /^-[cd]$/],
  [/^(?:ba|da|a|z|k)?sh$/, /^[-+][oO]$/],
];

/** The script is not a file: `node -e`, `python3 -m`, `sh -c`. */
const NO_FILE = /^(?:-|-c|-[a-z]*e|-m|-p|-pe|--eval|--print)$/;

/** Names that say nothing without their folder. */
const COMMON = /^(?:index|main|__main__|cli|app|server)\.\w+$/;

/**
 * The words of a command line, from what names the program on: the script's name in place of an interpreter, its options
 * and a path. `/usr/bin/node --import x /srv/importer/index.js 5` is `importer/index.js 5`.
 */
export function programWords(words: readonly string[]): readonly string[] {
  const [path = '', ...rest] = words;
  const name = basename(path);
  const options = INTERPRETERS.find(([interpreter]) => interpreter.test(name))?.[1];
  if (options === undefined) return [name, ...rest];
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] as string;
    if (NO_FILE.test(word)) break;
    if (options.test(word)) index += 1;
    else if (!word.startsWith('-')) return [scriptName(word), ...rest.slice(index + 1)];
  }
  return [name, ...rest];
}

function scriptName(path: string): string {
  const name = basename(path);
  const folder = basename(dirname(path));
  return COMMON.test(name) && folder !== '' && folder !== '.' ? `${folder}/${name}` : name;
}
