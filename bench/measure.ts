import type { Case } from './case.js';
import { median } from './statistics.js';

/** One contender's figures in one case. */
export interface Row {
  readonly contender: string;
  /** Why there are none. */
  readonly missing?: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** To the baseline, run by run, and the median of that. */
  readonly ratio: number;
  /** Medians of everything else that was printed. */
  readonly figures: Record<string, number>;
}

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly figure: string;
  readonly unit: string;
  readonly more: boolean;
  readonly rows: readonly Row[];
}

/**
 * Runs all contenders in turn, as often as it is told to, so that a machine whose speed drifts hits all alike.
 * @param progress is told what runs now
 */
export async function measure(
  each: Case,
  repetitions: number,
  short: boolean,
  progress: (text: string) => void,
): Promise<Result> {
  const runs = new Map<string, Record<string, number>[]>();
  const missing = new Map<string, string>();
  for (const contender of each.contenders) {
    const reason = contender.missing();
    if (reason === undefined) runs.set(contender.name, []);
    else missing.set(contender.name, reason);
  }
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const contender of each.contenders) {
      const results = runs.get(contender.name);
      if (results === undefined) continue;
      progress(`${each.name}: ${contender.name} (${repetition} of ${repetitions})`);
      results.push(await each.run(contender, short));
    }
  }
  const baseline = runs.get(each.contenders[0]?.name ?? '') ?? [];
  const rows = each.contenders.map(({ name }) =>
    row(name, each.figure, runs.get(name), baseline, missing.get(name)),
  );
  return { name: each.name, title: each.title, figure: each.figure, unit: each.unit, more: each.more, rows };
}

function row(
  contender: string,
  figure: string,
  runs: Record<string, number>[] = [],
  baseline: Record<string, number>[],
  missing: string | undefined,
): Row {
  const values = runs.map((run) => run[figure] ?? Number.NaN);
  const ratios = values.map((value, index) => value / (baseline[index]?.[figure] ?? Number.NaN));
  const names = Object.keys(runs[0] ?? {});
  return {
    contender,
    ...(missing !== undefined && { missing }),
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    ratio: median(ratios),
    figures: Object.fromEntries(
      names.map((name) => [name, median(runs.map((run) => run[name] ?? Number.NaN))]),
    ),
  };
}
