/**
 * Whether more than ASCII can be shown: the locale's character set is UTF-8 (the first variable that is set says so,
 * locale(7)), and the terminal is no dumb one.
 */
export function showsUnicode(environment: NodeJS.ProcessEnv = process.env): boolean {
  const { TERM: term, LC_ALL: all, LC_CTYPE: characters, LANG: language } = environment;
  return term !== 'dumb' && /utf-?8/i.test(all || characters || language || '');
}
