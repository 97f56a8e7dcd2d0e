import type { Result, Row } from './measure.js';

/** A figure with three digits that mean something. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

function cells(row: Row, unit: string): string[] {
  if (row.missing !== undefined) return [row.contender, row.missing, '', '', ''];
  return [
    row.contender,
    `${figure(row.median)} ${unit}`,
    figure(row.least),
    figure(row.most),
    row.ratio.toFixed(2),
  ];
}

/** A table for a terminal. */
export function table(result: Result): string {
  const heading = [
    result.title,
    `median ${result.figure}`,
    'least',
    'most',
    `to ${result.rows[0]?.contender}`,
  ];
  const rows = [heading, ...result.rows.map((row) => cells(row, result.unit))];
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
