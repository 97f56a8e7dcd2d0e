import type { Result, Row } from './measure.js';

/** A contender whose ratio to its baseline is another one than before. */
interface Move {
  readonly name: string;
  readonly contender: string;
  readonly before: Spread;
  readonly after: Spread;
  readonly better: boolean;
}

interface Spread {
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
}

function spreadOf({ ratio, ratios, least, median, most }: Row): Spread {
  // Files from before `ratios` was kept have the spread of the figure only.
  return { ratio, ...(ratios ?? { least: (ratio * least) / median, most: (ratio * most) / median }) };
}

/** Undefined where a spread is missing, or the two overlap. */
function moveOf(result: Result, former: Row, row: Row): Move | undefined {
  const before = spreadOf(former);
  const after = spreadOf(row);
  if (!(before.least < before.most && after.least < after.most)) return undefined;
  const grown = after.least > before.most;
  if (!grown && after.most >= before.least) return undefined;
  return { name: result.name, contender: row.contender, before, after, better: grown === result.more };
}

function movesOf(former: readonly Result[], results: readonly Result[]): Move[] {
  return results.flatMap((result) => {
    const rows = former.find(({ name }) => name === result.name)?.rows ?? [];
    return result.rows.flatMap((row) => {
      const before = rows.find(({ contender }) => contender === row.contender);
      const move = before && moveOf(result, before, row);
      return move === undefined ? [] : [move];
    });
  });
}

function described({ ratio, least, most }: Spread): string {
  return `${ratio.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

/**
 * What became faster or slower than in a former run. Only ratios to the baseline of the same run are compared, since
 * the machine may be another one. A contender moved if the ratios of all its runs are above, or all below, the former.
 */
export function comparison(former: readonly Result[], results: readonly Result[]): string {
  const moves = movesOf(former, results);
  if (moves.length === 0) return 'Nothing moved beyond the spread of its runs.';
  const lines = moves.map(
    ({ name, contender, before, after, better }) =>
      `${better ? 'better' : 'worse '}  ${name}: ${contender}, ${described(before)} before, ${described(after)} now`,
  );
  return ['Moved beyond the spread of its runs, as ratios to the baseline:', ...lines].join('\n');
}
