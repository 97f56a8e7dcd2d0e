import { jsonText } from '@timeq/cli-kit/text/escape';
import type { Terminal } from '../terminal.js';
import { offsetFields, offsetText } from './clock-offset.js';
import { chart } from './chart.js';
import { histogram, percentile } from './histogram.js';
import type { Measurement } from '../../measure/measure.js';
import { spanText } from './span-unit.js';

/** A measurement for scripts. Durations are whole nanoseconds; null if no request was answered. */
export function measurementJson(place: object, measurement: Measurement): string {
  const { roundTrips, answered, failures, elapsedNs, concurrency } = measurement;
  const at = (percent: number): number | null => (answered === 0 ? null : percentile(roundTrips, percent));
  return jsonText({
    ...place,
    requests: answered + failed(measurement),
    concurrency,
    answered,
    failed: failed(measurement),
    failures,
    elapsedNs,
    requestsPerSecond: perSecond(measurement),
    roundTripNs: { min: roundTrips[0] ?? null, p50: at(50), p90: at(90), p99: at(99), max: at(100) },
    ...offsetFields(measurement.clock),
    histogram: histogram(roundTrips, percentile(roundTrips, 99)).map(({ from, to, count }) => ({
      fromNs: from,
      toNs: to === Infinity ? null : to,
      count,
    })),
  });
}

/** A measurement for people, in lines that fit the terminal. */
export function measurementLines(measurement: Measurement, terminal: Terminal): string[] {
  const { answered, concurrency, elapsedNs, roundTrips } = measurement;
  const span = (ns: number): string => spanText(ns, terminal.unicode);
  const lines = [
    `${answered} requests answered, ${failed(measurement)} failed, in ${span(elapsedNs)}, ${concurrency} at a time`,
    `  ${perSecond(measurement)} requests/s`,
  ];
  for (const [code, count] of Object.entries(measurement.failures))
    lines.push(`  ${count} failed with ${code}`);
  if (answered === 0) return lines;
  lines.push('', 'Round trip');
  for (const percent of [50, 90, 99])
    lines.push(`  p${percent}  ${span(percentile(roundTrips, percent)).padStart(8)}`);
  lines.push(`  max  ${span(percentile(roundTrips, 100)).padStart(8)}`, '');
  if (measurement.clock !== undefined)
    lines.push('Clock of the server', `  offset  ${offsetText(measurement.clock, terminal)}`, '');
  return [...lines, ...chart(histogram(roundTrips, percentile(roundTrips, 99)), terminal)];
}

function failed({ failures }: Measurement): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

function perSecond({ answered, elapsedNs }: Measurement): number {
  return Math.round(answered / (elapsedNs / 1e9));
}
