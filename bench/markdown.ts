import { figure } from './report.js';
import type { Result, Row } from './measure.js';

function cells({ contender, missing, median, least, most, ratio, figures }: Row): string[] {
  if (missing !== undefined) return [contender, 'not measured', '', '', ''];
  const p99 = figures['p99'] === undefined ? '' : figure(figures['p99']);
  return [contender, figure(median), `${figure(least)} to ${figure(most)}`, p99, ratio.toFixed(2)];
}

/** A result as a table; medians of the repetitions, and the range of them. */
export function markdownTable({ figure: name, unit, rows }: Result): string {
  const hasP99 = rows.some((row) => row.figures['p99'] !== undefined);
  const heading = [
    '',
    `${name === 'perSecond' ? 'median' : name}, ${unit}`,
    'range',
    'p99',
    `to ${rows[0]?.contender}`,
  ];
  const lines = [heading, ['---', '---:', '---:', '---:', '---:'], ...rows.map(cells)];
  const kept = lines.map((line) => (hasP99 ? line : line.filter((_, column) => column !== 3)));
  return kept.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Puts `text` between two markers of a page. */
export function replaceBetween(page: string, begin: string, end: string, text: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no "${begin}" and "${end}"`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}
