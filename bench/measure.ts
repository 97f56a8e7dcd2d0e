import type { Case } from './case.js';
import { tasksetMissing } from './cpus.js';
import type { Machine } from './machine.js';
import { median } from './statistics.js';

/** One contender's figures in one case. */
export interface Row {
  readonly contender: string;
  /** Why there are no figures. */
  readonly missing?: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** The median to that of the baseline. Not finite if the baseline is 0. */
  readonly ratio: number;
  /** The lowest and highest ratio of two figures of one repetition. */
  readonly ratios?: { readonly least: number; readonly most: number };
  /** The baseline, if it is not the first contender of the case. */
  readonly baseline?: string;
  /** The medians of all other printed figures. */
  readonly figures: Record<string, number>;
}

export interface Result extends Pick<Case, 'name' | 'title' | 'figure' | 'unit' | 'more' | 'columns'> {
  readonly rows: readonly Row[];
  /** Where and when it was measured, if not where and when most results of its file were. */
  readonly machine?: Machine;
  /** How often each contender ran. */
  readonly repetitions?: number;
}

/**
 * Runs all contenders in turn in every repetition, so that a drift of the machine's speed affects all alike.
 * @param progress is called with the name of each run
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
    const reason = tasksetMissing() ?? contender.missing();
    if (reason === undefined) runs.set(contender.name, []);
    else missing.set(contender.name, reason);
  }
  const times = Math.min(repetitions, each.repetitions ?? repetitions);
  for (let repetition = 1; repetition <= times; repetition++) {
    for (const contender of each.contenders) {
      const results = runs.get(contender.name);
      if (results === undefined) continue;
      progress(`${each.name}: ${contender.name} (${repetition} of ${times})`);
      results.push(await each.run(contender, short));
    }
  }
  const first = each.contenders[0]?.name ?? '';
  const rows = each.contenders.map(({ name, baseline }) => ({
    ...row(name, each.figure, runs.get(name), runs.get(baseline ?? first) ?? [], missing.get(name)),
    ...(baseline !== undefined && { baseline }),
  }));
  const { name, title, figure, unit, more, columns } = each;
  return {
    name,
    title,
    figure,
    unit,
    more,
    ...(columns !== undefined && { columns }),
    rows,
    repetitions: times,
  };
}

function row(
  contender: string,
  figure: string,
  runs: Record<string, number>[] = [],
  baseline: Record<string, number>[],
  missing: string | undefined,
): Row {
  const figuresOf = (all: Record<string, number>[]): number[] => all.map((run) => run[figure] ?? Number.NaN);
  const [values, baselines] = [figuresOf(runs), figuresOf(baseline)];
  const ratios = values.map((value, index) => value / (baselines[index] ?? Number.NaN));
  const names = Object.keys(runs[0] ?? {});
  return {
    contender,
    ...(missing !== undefined && { missing }),
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    ratio: median(values) / median(baselines),
    ratios: { least: Math.min(...ratios), most: Math.max(...ratios) },
    figures: Object.fromEntries(
      names.map((name) => [name, median(runs.map((run) => run[name] ?? Number.NaN))]),
    ),
  };
}
