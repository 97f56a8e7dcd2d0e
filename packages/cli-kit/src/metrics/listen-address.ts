import { isIP } from 'node:net';
import { UsageError } from '../args/usage-error.js';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** This machine only. */
const LOOPBACK = '127.0.0.1';
const HIGHEST_PORT = 65_535;

/** `9464`, `0.0.0.0:9464`, `[::1]:9464`, `localhost:9464`; 0 is a port that is free. @throws UsageError */
export function readListenAddress(word: string): ListenAddress {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([^\]]*)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(word) ?? [];
  const port = digits === '' ? Number.NaN : Number(digits);
  const valid = (bracketed === undefined || isIP(bracketed) === 6) && !/[\s/]/.test(plain ?? '');
  if (port <= HIGHEST_PORT && valid) return { host: bracketed ?? plain ?? LOOPBACK, port };
  throw new UsageError(
    `'${word}' is not an address to listen on; write PORT or HOST:PORT, such as 9464 or [::1]:9464`,
  );
}

/** `127.0.0.1:9464`, `[::1]:9464` */
export function formatAddress({ host, port }: ListenAddress): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
