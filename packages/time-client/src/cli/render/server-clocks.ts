import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { ServerClock } from '../../measure/server-clock.js';
import type { Terminal } from '../terminal.js';
import { offsetFields, offsetText } from './clock-offset.js';

/** A server's clock for scripts; null where the server did not answer. */
export function clockJson({ id, host, pid, version, clock, missing }: ServerClock): string {
  return jsonText({
    id,
    host: host ?? null,
    pid: pid ?? null,
    version: version ?? null,
    ...offsetFields(clock),
    ...(missing !== undefined && { missing }),
  });
}

const MISSING: Readonly<Record<NonNullable<ServerClock['missing']>, string>> = {
  'no-answer': 'no answer',
  classic: 'a classic server, which tells whole seconds only',
  'other-pace': "its clock goes faster than this machine's",
};

/** Servers' clocks for a person: how far each is ahead, and how wrong that may be. */
export function clockLines(servers: readonly ServerClock[], terminal: Terminal): string[] {
  const rows = servers.map(({ id, host, pid, clock, missing = 'no-answer' }) => ({
    id,
    who: host === undefined && pid === undefined ? '' : escapeText(`${host ?? '?'}, pid ${pid ?? '?'}`),
    offset: clock === undefined ? MISSING[missing] : offsetText(clock, terminal),
    name: clock?.name === undefined ? '' : escapeText(` (clock ${clock.name})`),
  }));
  const idWidth = Math.max(...rows.map(({ id }) => id.length));
  const whoWidth = Math.max(...rows.map(({ who }) => who.length));
  return rows.map(
    ({ id, who, offset, name }) => `${id.padEnd(idWidth)}  ${who.padEnd(whoWidth)}  ${offset}${name}`,
  );
}
