import type { ClockOffset } from '../../measure/clock-offset.js';
import type { Terminal } from '../terminal.js';
import { spanText, spanUnit } from './span-unit.js';

/** An offset for scripts, in nanoseconds; null where it is not known. */
export function offsetFields(clock: ClockOffset | undefined): object {
  return {
    offsetNs: clock === undefined ? null : Number(clock.offsetNs),
    errorNs: clock === undefined ? null : Number(errorOf(clock)),
    delayNs: clock === undefined ? null : Number(clock.delayNs),
    ...(clock?.name !== undefined && { clock: clock.name }),
  };
}

/** `+5400.00000 s ± 12.0 µs`: no digit of the offset is below the first one of what it may be wrong by. */
export function offsetText(clock: ClockOffset, { unicode }: Terminal): string {
  const error = Number(errorOf(clock));
  const place = Math.floor(Math.log10(error));
  const last = 10n ** BigInt(place);
  const size = clock.offsetNs < 0n ? -clock.offsetNs : clock.offsetNs;
  const rounded = ((size + last / 2n) / last) * last;
  const unit = spanUnit(Math.max(Number(rounded), error), unicode);
  const digits = Math.round(Math.log10(unit.nanoseconds));
  const whole = rounded / BigInt(unit.nanoseconds);
  const fraction = String(rounded % BigInt(unit.nanoseconds)).padStart(digits, '0');
  const shown = place < digits ? `.${fraction.slice(0, digits - place)}` : '';
  const sign = clock.offsetNs < 0n && rounded > 0n ? '-' : '+';
  return `${sign}${whole}${shown} ${unit.name} ${unicode ? '±' : '+/-'} ${spanText(error, unicode)}`;
}

/** Half of the delay, in nanoseconds, rounded up; a clock that has not moved is a nanosecond exact at best. */
function errorOf({ delayNs }: ClockOffset): bigint {
  return delayNs < 1n ? 1n : (delayNs + 1n) / 2n;
}
