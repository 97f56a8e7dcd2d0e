import { isDumb } from './dumb.js';

/**
 * Whether more than ASCII can be shown: the locale's character set is UTF-8 (the first variable that is set says so,
 * locale(7)), and the terminal is no dumb one.
 */
export function showsUnicode(environment: NodeJS.ProcessEnv = process.env): boolean {
  const { LC_ALL: all, LC_CTYPE: characters, LANG: language } = environment;
  return !isDumb(environment) && /utf-?8/i.test(all || characters || language || '');
}
