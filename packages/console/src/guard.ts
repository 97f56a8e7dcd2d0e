import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is refused: the status and one sentence. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

const FOREIGN: Refusal = { status: 403, sentence: 'Requests of other sites are refused.' };
const UNKNOWN: Refusal = {
  status: 401,
  sentence: 'Open the whole address that `ipctools serve` printed: the token in it is missing or wrong.',
};

function hostOf(word: string | undefined): string | undefined {
  try {
    return new URL(`http://${word}/`).hostname;
  } catch {
    return undefined;
  }
}

/**
 * Lets through what comes from the page itself, at an address that starts with the token.
 *
 * DNS rebinding takes a name that an attacker can point elsewhere, so a name other than localhost and `name` is refused
 * in Host. The token stands in the path: unlike a cookie, which browsers send to every port of a host, it goes to no
 * other server, and unlike a header, an event stream has it.
 */
export class Guard {
  readonly #token: Buffer;
  readonly #names: ReadonlySet<string>;

  constructor(token: string, name: string) {
    this.#token = digest(token);
    this.#names = new Set(['localhost', name.toLowerCase()]);
  }

  /** The rest of the path behind the token, or why the request is refused. */
  admit({ url = '', headers }: IncomingMessage): Refusal | { readonly path: string } {
    const host = hostOf(headers.host);
    const isAddress = host !== undefined && isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;
    if (host === undefined || !(isAddress || this.#names.has(host))) return FOREIGN;
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return FOREIGN;
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return FOREIGN;
    const [, token = '', path] = /^\/([^/?]*)(\/[^?]*)?/.exec(url) ?? [];
    // Digests have one length, and comparing them tells nothing of how much was right.
    if (!timingSafeEqual(digest(token), this.#token)) return UNKNOWN;
    return { path: path ?? '' };
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
