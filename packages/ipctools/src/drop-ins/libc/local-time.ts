import { readFileSync } from 'node:fs';
import { parseZoneFile, type ZoneFile, type ZoneOffset } from './zone-file.js';
import { parseZoneRule, ruleOffset, type ZoneRule } from './zone-rule.js';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Local time as glibc's localtime(3) has it. JavaScript's own Date knows zones by name only: it takes
 * `TZ='<+0330>-3:30'` for UTC, and it has no abbreviations such as CET.
 */
export class LocalTime {
  readonly #file: ZoneFile | undefined;
  readonly #rule: ZoneRule | undefined;
  /** Objects that were made together have the same times, thousands of rows long. */
  readonly #ctimes = new Map<number, string>();

  /** @param zone the TZ variable; undefined stands for /etc/localtime */
  constructor(zone: string | undefined = process.env['TZ']) {
    this.#file = readZone(zone);
    this.#rule = parseZoneRule(this.#file?.rule ?? zone?.replace(/^:/, '') ?? '');
  }

  /** 24 bytes as ctime(3) writes them, without the newline: `Fri Nov  6 09:09:00 2026`. */
  ctime(time: number): string {
    let text = this.#ctimes.get(time);
    if (text === undefined) {
      text = this.#format(time);
      this.#ctimes.set(time, text);
    }
    return text;
  }

  #format(time: number): string {
    const local = new Date((time + this.#offset(time).seconds) * 1000);
    const day = String(local.getUTCDate()).padStart(3);
    return `${WEEKDAYS[local.getUTCDay()]} ${MONTHS[local.getUTCMonth()]}${day} ${clock(local)} ${local.getUTCFullYear()}`;
  }

  /** As date(1) writes it in the POSIX locale: `Fri Nov  6 09:09:00 CET 2026`. */
  date(time: number): string {
    return `${this.ctime(time).slice(0, 19)} ${this.#offset(time).abbreviation} ${this.ctime(time).slice(20)}`;
  }

  /** The time of day, its hour without a leading zero: `9:09:00`. */
  timeOfDay(time: number): string {
    return clock(new Date((time + this.#offset(time).seconds) * 1000)).replace(/^0/, '');
  }

  #offset(time: number): ZoneOffset {
    const file = this.#file;
    if (file !== undefined) {
      const { transitions, offsets } = file;
      const last = transitions.length - 1;
      if (last < 0 || time < (transitions[0] ?? 0)) {
        if (last >= 0 || this.#rule === undefined) return file.first;
      } else if (this.#rule === undefined || time < (transitions[last] ?? 0)) {
        return offsets[latest(transitions, time)] ?? file.first;
      }
    }
    return this.#rule === undefined ? { seconds: 0, abbreviation: 'UTC' } : ruleOffset(this.#rule, time);
  }
}

function clock(local: Date): string {
  return local.toISOString().slice(-13, -5);
}

function latest(transitions: readonly number[], time: number): number {
  let low = 0;
  let high = transitions.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((transitions[middle] ?? 0) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** glibc takes the variable for a file's name first, and for a rule only if there is no such file. */
function readZone(zone: string | undefined): ZoneFile | undefined {
  const name = zone?.replace(/^:/, '');
  if (name === '') return undefined;
  let path = '/etc/localtime';
  if (name !== undefined) {
    path = name.startsWith('/') ? name : `${process.env['TZDIR'] || '/usr/share/zoneinfo'}/${name}`;
  }
  try {
    return parseZoneFile(readFileSync(path));
  } catch {
    return undefined;
  }
}
