import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { ClockOffset, ServerClock } from '../../nats/compare.js';
import type { Terminal } from '../terminal.js';
import { spanText } from './span-unit.js';

/** A server's clock for scripts. Nanoseconds; null where the server did not answer. */
export function clockJson({ id, host, pid, version, clock }: ServerClock): string {
  return jsonText({
    id,
    host: host ?? null,
    pid: pid ?? null,
    version: version ?? null,
    offsetNs: clock === undefined ? null : Number(clock.offsetNs),
    delayNs: clock === undefined ? null : Number(clock.delayNs),
  });
}

/** Servers' clocks for a person: how far each is ahead, give or take what the way may hide. */
export function clockLines(servers: readonly ServerClock[], terminal: Terminal): string[] {
  const rows = servers.map(({ id, host, pid, clock }) => ({
    id,
    who: escapeText(`${host ?? '?'}, pid ${pid ?? '?'}`),
    offset: clock === undefined ? 'no answer' : offsetText(clock, terminal),
  }));
  const idWidth = Math.max(...rows.map(({ id }) => id.length));
  const whoWidth = Math.max(...rows.map(({ who }) => who.length));
  return rows.map(({ id, who, offset }) => `${id.padEnd(idWidth)}  ${who.padEnd(whoWidth)}  ${offset}`);
}

function offsetText({ offsetNs, delayNs }: ClockOffset, { unicode }: Terminal): string {
  const offset = Number(offsetNs);
  const size = spanText(Math.abs(offset), unicode);
  const error = spanText(Number(delayNs) / 2, unicode);
  return `${offset < 0 ? '-' : '+'}${size} ${unicode ? '±' : '+/-'} ${error}`;
}
