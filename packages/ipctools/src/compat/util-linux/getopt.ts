/** Whether an option takes an argument. An optional one must be attached: `-amsg`, `--all=msg`. */
type ArgumentRule = 'none' | 'required' | 'optional';

/** One option. Its `letter` (or, where it has none, its `name`) is what {@link readOptions} reports. */
export interface Option {
  readonly letter?: string;
  readonly name: string;
  readonly argument?: ArgumentRule;
  /** True for options that the original does not have: they take no part in abbreviations, so `--p` stays `--pid`. */
  readonly wholeNameOnly?: boolean;
}

interface GivenOption {
  readonly option: string;
  readonly argument: string | undefined;
}

/** What is wrong with the command line, in the words of GNU getopt_long(3). */
export class OptionError extends Error {}

/**
 * Reads a command line as GNU getopt_long(3) does: clustered letters, attached and separate arguments, abbreviated
 * long names, operands among the options (unless POSIXLY_CORRECT is set), `--` as the end of the options.
 *
 * Options are yielded one by one, so that `-h` acts before a mistake that comes after it; the operands are what the
 * generator returns. All text is one character per byte (latin1), because getopt reports a bad option by its first byte.
 * @throws OptionError
 */
export function* readOptions(
  argv: readonly string[],
  options: readonly Option[],
): Generator<GivenOption, string[]> {
  const operands: string[] = [];
  const operandsEndOptions = process.env['POSIXLY_CORRECT'] !== undefined;
  let next = 0;
  while (next < argv.length) {
    const word = argv[next++] ?? '';
    if (word === '--') break;
    if (word.startsWith('--')) {
      const { option, argument } = readLongOption(word.slice(2), options);
      if (argument === undefined && option.argument === 'required') {
        if (next >= argv.length) throw new OptionError(`option '--${option.name}' requires an argument`);
        yield { option: option.letter ?? option.name, argument: argv[next++] };
      } else {
        yield { option: option.letter ?? option.name, argument };
      }
    } else if (word.startsWith('-') && word !== '-') {
      for (let at = 1; at < word.length; at++) {
        const letter = word.charAt(at);
        const option = options.find((candidate) => candidate.letter === letter);
        if (option === undefined) throw new OptionError(`invalid option -- '${letter}'`);
        if ((option.argument ?? 'none') === 'none') {
          yield { option: letter, argument: undefined };
          continue;
        }
        const attached = word.slice(at + 1);
        if (attached !== '') {
          yield { option: letter, argument: attached };
        } else if (option.argument === 'optional') {
          yield { option: letter, argument: undefined };
        } else if (next < argv.length) {
          yield { option: letter, argument: argv[next++] };
        } else {
          throw new OptionError(`option requires an argument -- '${letter}'`);
        }
        break;
      }
    } else {
      operands.push(word);
      if (operandsEndOptions) break;
    }
  }
  operands.push(...argv.slice(next));
  return operands;
}

function readLongOption(
  text: string,
  options: readonly Option[],
): { option: Option; argument: string | undefined } {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const argument = equals < 0 ? undefined : text.slice(equals + 1);
  const option = options.find((candidate) => candidate.name === name) ?? abbreviated(name, text, options);
  if (argument !== undefined && (option.argument ?? 'none') === 'none') {
    throw new OptionError(`option '--${option.name}' doesn't allow an argument`);
  }
  return { option, argument };
}

function abbreviated(name: string, text: string, options: readonly Option[]): Option {
  const candidates = options.filter(
    (candidate) => candidate.wholeNameOnly !== true && candidate.name.startsWith(name),
  );
  const [first, second] = candidates;
  if (first === undefined) throw new OptionError(`unrecognized option '--${text}'`);
  if (second !== undefined) {
    const possibilities = candidates.map((candidate) => `'--${candidate.name}'`).join(' ');
    throw new OptionError(`option '--${text}' is ambiguous; possibilities: ${possibilities}`);
  }
  return first;
}
