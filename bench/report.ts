import type { Result, Row } from './measure.js';

/** A figure with three significant digits. */
export function figure(value: number | null | undefined): string {
  if (value === undefined || value === null || !Number.isFinite(value)) return '-';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value === 0 ? '0' : value.toPrecision(3);
}

/** A ratio. With a baseline of 0 there is none, which JSON writes as null. */
export function ratio({ ratio: value }: Pick<Row, 'ratio'>): string {
  return Number.isFinite(value) ? value.toFixed(2) : '-';
}

/** The heading of the last column of a case's table. */
export function ratioHeading({ rows }: Result): string {
  const baselines = new Set(rows.map(({ baseline }) => baseline ?? rows[0]?.contender));
  return baselines.size === 1 ? `to ${rows[0]?.contender}` : 'to the first of its kind';
}

function cells(row: Row, { unit, columns = {} }: Result): string[] {
  const more = Object.keys(columns);
  if (row.missing !== undefined) return [row.contender, row.missing, '', '', ...more.map(() => ''), ''];
  return [
    row.contender,
    `${figure(row.median)} ${unit}`,
    figure(row.least),
    figure(row.most),
    ...more.map((name) => figure(row.figures[name])),
    ratio(row),
  ];
}

/** A table for a terminal. */
export function table(result: Result): string {
  const heading = [
    result.title,
    `median ${result.figure}`,
    'least',
    'most',
    ...Object.values(result.columns ?? {}),
    ratioHeading(result),
  ];
  const rows = [heading, ...result.rows.map((row) => cells(row, result))];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}
