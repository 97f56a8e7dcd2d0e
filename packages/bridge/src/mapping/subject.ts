import { formatKey, type Key } from '@timeq/mq-native';
import { BridgeError } from '../bridge-error.js';

/** Where messages go unless --subject says otherwise. */
export const DEFAULT_TEMPLATE = 'sysv.{host}.{key}.{type}';

/** Types from here on are random numbers of clients for replies: each would be a subject of its own in the index. */
const ADDRESSED = 2n ** 32n;
/** How many subjects are kept ready. */
const MOST_KNOWN = 1024;

const PLACES = ['{host}', '{key}', '{type}'];

/** One token of a subject: dots would part it, and blanks and wildcards mean something else to NATS. */
function token(text: string): string {
  return text.replaceAll('.', '-').replace(/[^!-~]|[*>{}]/g, '_') || '_';
}

/** The subjects to which the messages of one queue go. */
export class SubjectTemplate {
  /** With `{host}` and `{key}` filled in. */
  readonly #text: string;
  readonly #types = new Map<bigint, string>();

  /** @throws BridgeError WRONG_SETTING */
  constructor(template: string, { host, key }: { readonly host: string; readonly key: Key }) {
    const rest = PLACES.reduce((text, place) => text.replaceAll(place, ''), template);
    const [unknown] = /\{[^}]*\}?|\}/.exec(rest) ?? [];
    if (unknown !== undefined) {
      throw new BridgeError(
        'WRONG_SETTING',
        `'${unknown}' is no part of a subject; there are ${PLACES.join(', ')}`,
      );
    }
    this.#text = template.replaceAll('{host}', token(host)).replaceAll('{key}', formatKey(key));
    const wrong = (part: string): boolean => part === '' || /[^!-~]|[*>]|\{type\}/.test(part);
    if (this.#text.split('.').some((part) => part !== '{type}' && wrong(part))) {
      throw new BridgeError(
        'WRONG_SETTING',
        `'${template}' is no subject to publish to; write tokens between dots, without wildcards or blanks, and {type} ` +
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

  /** All of them, as a filter; of one type only where it is given. */
  filter(type?: bigint): string {
    return type === undefined ? this.#text.replaceAll('{type}', '*') : this.of(type);
  }
}

/** Whether some subject matches both filters. */
export function overlap(one: string, other: string): boolean {
  const [first = '', ...firstRest] = one.split('.');
  const [second = '', ...secondRest] = other.split('.');
  if (first === '>' || second === '>') return true;
  if (first !== '*' && second !== '*' && first !== second) return false;
  if (firstRest.length === 0 || secondRest.length === 0) return firstRest.length === secondRest.length;
  return overlap(firstRest.join('.'), secondRest.join('.'));
}

/** Whether every subject of a filter matches another one. */
export function covers(wide: string, narrow: string): boolean {
  const [first = '', ...firstRest] = wide.split('.');
  const [second = '', ...secondRest] = narrow.split('.');
  if (first === '>') return true;
  if (second === '>' || (first !== '*' && first !== second)) return false;
  if (firstRest.length === 0 || secondRest.length === 0) return firstRest.length === secondRest.length;
  return covers(firstRest.join('.'), secondRest.join('.'));
}
