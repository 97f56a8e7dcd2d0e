import { parseInteger } from '../parts/integer.js';
import { Misuse } from '../parts/program.js';

/** Only this machine can connect. */
export const HOST = '127.0.0.1';

const USUAL_PORT = 7007;

/** @throws Misuse */
export function parsePort(text = String(USUAL_PORT)): number {
  const port = parseInteger(text);
  if (port === undefined || port < 0 || port > 65_535) {
    throw new Misuse(`"${text}" is not a port. Give an integer from 0 (any free one) to 65535.`);
  }
  return port;
}
