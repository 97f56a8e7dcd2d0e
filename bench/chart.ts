import { figure, ratio, ratioHeading } from './report.js';
import type { Result } from './measure.js';

const WIDTH = 780;
const LABELS = 275;
const VALUES = 150;
const BAR = 18;
const GAP = 8;
const TOP = 44;

/** Colours for light and dark pages: the baseline, Timeq, and all others. */
function colour(contender: string): string {
  if (contender === 'C' || contender.startsWith('C, ')) return '#8a8f98';
  return contender.startsWith('Timeq') ? '#2f81f7' : '#b58a3c';
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A bar for each contender. The title says whether longer is better. */
export function chart(result: Result): string {
  const { title, unit, more, rows } = result;
  const measured = rows.filter((row) => row.missing === undefined);
  const most = Math.max(...measured.map((row) => row.median)) || 1;
  const height = TOP + measured.length * (BAR + GAP) + GAP;
  const bars = measured.map((row, index) => {
    const y = TOP + index * (BAR + GAP);
    const width = Math.max(1, ((WIDTH - LABELS - VALUES) * row.median) / most);
    const value = `${figure(row.median)} ${unit} (${ratio(row)})`;
    return [
      `<text x="${LABELS - 10}" y="${y + 13}" text-anchor="end">${escape(row.contender)}</text>`,
      `<rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${colour(row.contender)}"/>`,
      `<text x="${(LABELS + width + 6).toFixed(1)}" y="${y + 13}">${escape(value)}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<g fill="#1f2328">`,
    `<text x="10" y="18" font-size="14" font-weight="bold">${escape(title)}</text>`,
    `<text x="10" y="35" fill="#59636e">${more ? 'more' : 'less'} is better; in brackets the ratio ${escape(ratioHeading(result))}</text>`,
    ...bars,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
