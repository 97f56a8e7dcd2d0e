import { formatKey, type Key } from '@timeq/mq-native';
import { BridgeError } from '../bridge-error.js';

/** The default of --subject. */
export const DEFAULT_TEMPLATE = 'sysv.{host}.{key}.{type}';

/** Higher types are random numbers of clients for replies: each would add a subject to the stream's index. */
const ADDRESSED = 2n ** 32n;
/** How many subjects to cache. */
const MOST_KNOWN = 1024;

const PLACES = ['{host}', '{key}', '{type}'];

/** One token of a subject: dots would split it, and NATS treats blanks and wildcards specially. */
function token(text: string): string {
  return text.replaceAll('.', '-').replace(/[^!-~]|[*>{}]/g, '_') || '_';
}

/** The subjects for the messages of one queue. */
export class SubjectTemplate {
  /** The template, with `{host}` and `{key}` replaced. */
  readonly #text: string;
  readonly #types = new Map<bigint, string>();

  /** @throws BridgeError WRONG_SETTING */
  constructor(template: string, { host, key }: { readonly host: string; readonly key: Key }) {
    const rest = PLACES.reduce((text, place) => text.replaceAll(place, ''), template);
    const [unknown] = /\{[^}]*\}?|\}/.exec(rest) ?? [];
    if (unknown !== undefined) {
      throw new BridgeError(
        'WRONG_SETTING',
        `'${unknown}' is not a part of a subject; the parts are ${PLACES.join(', ')}`,
      );
    }
    this.#text = template.replaceAll('{host}', () => token(host)).replaceAll('{key}', formatKey(key));
    const wrong = (part: string): boolean => part === '' || /[^!-~]|[*>]|\{type\}/.test(part);
    if (this.#text.split('.').some((part) => part !== '{type}' && wrong(part))) {
      throw new BridgeError(
        'WRONG_SETTING',
        `'${template}' is not a subject to publish to; write tokens between dots, without wildcards or blanks, and {type} ` +
          'as a whole token',
      );
    }
  }

  /** The subject of a message type. */
  of(type: bigint): string {
    const short = type < ADDRESSED ? type : ADDRESSED;
    let subject = this.#types.get(short);
    if (subject === undefined) {
      subject = this.#text.replaceAll('{type}', short === ADDRESSED ? 'addressed' : String(short));
      if (this.#types.size < MOST_KNOWN) this.#types.set(short, subject);
    }
    return subject;
  }

  /** All subjects as a filter, or that of one type. */
  filter(type?: bigint): string {
    return type === undefined ? this.#text.replaceAll('{type}', '*') : this.of(type);
  }
}

/** Whether any subject matches both filters. */
export function overlap(one: string, other: string): boolean {
  const [first = '', ...firstRest] = one.split('.');
  const [second = '', ...secondRest] = other.split('.');
  if (first === '>' || second === '>') return true;
  if (first !== '*' && second !== '*' && first !== second) return false;
  if (firstRest.length === 0 || secondRest.length === 0) return firstRest.length === secondRest.length;
  return overlap(firstRest.join('.'), secondRest.join('.'));
}

/** Whether every subject that matches one filter matches the other. */
export function covers(wide: string, narrow: string): boolean {
  const [first = '', ...firstRest] = wide.split('.');
  const [second = '', ...secondRest] = narrow.split('.');
  if (first === '>') return true;
  if (second === '>' || (first !== '*' && first !== second)) return false;
  if (firstRest.length === 0 || secondRest.length === 0) return firstRest.length === secondRest.length;
  return covers(firstRest.join('.'), secondRest.join('.'));
}
