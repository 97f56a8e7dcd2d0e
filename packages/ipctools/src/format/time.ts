import { localTime } from '@timeq/mq-native';

const SECONDS_PER_DAY = 86_400;
let lastDay = Number.NaN;
let lastDate = '';

function two(part: number): string {
  return part < 10 ? `0${part}` : String(part);
}

/** ISO 8601 in UTC with whole seconds, from seconds since the epoch. */
export function formatIso(seconds: number): string {
  // A table has many times, most of one day, and a Date for each would take most of the time.
  const day = Math.floor(seconds / SECONDS_PER_DAY);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(seconds * 1000).toISOString().slice(0, 10);
  }
  const rest = seconds - day * SECONDS_PER_DAY;
  return `${lastDate}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`;
}

/** `2026-11-20 09:09:00` in the local time zone, from seconds since the epoch. */
export function formatLocal(seconds: number): string {
  const { year, month, day, hour, minute, second } = localTime(seconds);
  return `${year}-${two(month + 1)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** A duration for people, from seconds: `5s`, `12m`, `3h20m`, `41d`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 10 && minutes % 60 > 0) return `${hours}h${minutes % 60}m`;
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
