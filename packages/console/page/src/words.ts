import type { Rate, Row } from '@timeq/console/wire';

const UNITS = ['K', 'M', 'G', 'T'];

/** Exact below 10,000, then `16.0K` in powers of 1024, as the commands write it. */
export function bytesText(bytes: number): string {
  if (bytes < 10_000) return String(bytes);
  let amount = bytes / 1024;
  let unit = 0;
  while (amount >= 1023.95 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount.toFixed(1)}${UNITS[unit]}`;
}

/** `5s`, `3m`, `2h`, `4d` */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** `2026-11-28 03:23:50`, in the time zone of the browser. */
export function timeText(seconds: number): string {
  // Sweden writes dates as ISO 8601 does.
  return new Date(seconds * 1000).toLocaleString('sv');
}

export function rateText(rate: Rate | undefined): string {
  if (rate === undefined) return '';
  const [perSecond, atLeast] = rate;
  const digits = perSecond > 0 && perSecond < 10 && !Number.isInteger(perSecond) ? 1 : 0;
  return `${perSecond.toFixed(digits)}${atLeast === 1 ? '+' : ''}`;
}

export function fullText(full: number | undefined): string {
  return full === undefined ? '?' : `${Math.round(full)}%`;
}

/** `S2 R1` */
export function waitingText({ senders, receivers }: Row): string {
  if (senders === undefined || receivers === undefined) return '?';
  const parts = [senders > 0 ? `S${senders}` : '', receivers > 0 ? `R${receivers}` : ''];
  return parts.filter((part) => part !== '').join(' ');
}

/** `queue 5 (key 0x00000080)` */
export function nameText({ id, key }: Row): string {
  return key === '' ? `queue ${id}, private` : `queue ${id} (key\u00a0${key})`;
}

/** `32,000`; an Intl.NumberFormat would take longer to make than the whole page. */
export function numberText(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

export function countText(count: number, one: string): string {
  return `${numberText(count)} ${one}${count === 1 ? '' : 's'}`;
}
