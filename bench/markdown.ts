import { figure, ratio, ratioHeading } from './report.js';
import type { Result, Row } from './measure.js';

/** The column headings of figures. */
const WORDS: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  cpuPerMessage: 'CPU time',
  cpuPerRequest: 'CPU time',
  growth: 'second half',
  megabytes: 'resident memory',
  milliseconds: 'time',
  p50: 'median',
  perSecond: 'median',
  share: 'CPU',
  slower: 'fs.readFile',
  wakeUps: 'wake-ups',
};

/** Tables always contain the p99 if programs print it, and other columns if the case asks for them. */
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

/** A result as a table: the median of the repetitions, and their range. */
export function markdownTable(result: Result): string {
  const { figure: name, unit, more, rows } = result;
  const extra = extraColumns(result);
  const heading = [
    '',
    `${WORDS[name] ?? name}, ${unit}; ${more ? 'more' : 'less'} is better`,
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
