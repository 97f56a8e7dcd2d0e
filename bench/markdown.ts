import { figure, ratio, ratioHeading } from './report.js';
import type { Result, Row } from './measure.js';

/** The p99 is shown wherever programs print it; everything else is shown where the case asks for it. */
function extraColumns({ rows, columns = {} }: Result): Record<string, string> {
  const hasP99 = rows.some((row) => row.figures['p99'] !== undefined);
  return { ...(hasP99 && { p99: 'p99' }), ...columns };
}

function cells(row: Row, extra: readonly string[]): string[] {
  const { contender, missing, median, least, most, figures } = row;
  if (missing !== undefined) return [contender, 'not measured', '', ...extra.map(() => ''), ''];
  const more = extra.map((name) => figure(figures[name]).replace(/^-$/, ''));
  return [contender, figure(median), `${figure(least)} to ${figure(most)}`, ...more, ratio(row)];
}

/** A result as a table; medians of the repetitions, and the range of them. */
export function markdownTable(result: Result): string {
  const { figure: name, unit, rows } = result;
  const extra = extraColumns(result);
  const heading = [
    '',
    `${name === 'perSecond' ? 'median' : name}, ${unit}`,
    'range',
    ...Object.values(extra),
    ratioHeading(result),
  ];
  const lines = [
    heading,
    heading.map((_, column) => (column === 0 ? '---' : '---:')),
    ...rows.map((row) => cells(row, Object.keys(extra))),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Puts `text` between two markers of a page. */
export function replaceBetween(page: string, begin: string, end: string, text: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no "${begin}" and "${end}"`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}
