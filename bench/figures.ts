import type { Case } from './case.js';
import type { Contender } from './contender.js';

/** The figures of a run, by name. */
export type Figures = Record<string, number>;

/** A contender that runs itself. */
export interface Runner extends Contender {
  run(short: boolean): Promise<Figures>;
}

/** A contender without a command and roles. */
export function runner(
  name: string,
  run: (short: boolean) => Promise<Figures>,
  more: Partial<Pick<Contender, 'baseline' | 'missing'>> = {},
): Runner {
  return { name, run, command: () => [], missing: () => undefined, ...more };
}

/** A case of contenders that run themselves. */
export function runnerCase(head: Omit<Case, 'run' | 'contenders'>, contenders: readonly Runner[]): Case {
  return {
    ...head,
    contenders,
    run: (contender, short) => {
      const chosen = contenders.find((each) => each === contender);
      if (chosen === undefined) throw new Error(`"${contender.name}" is not of this case`);
      return chosen.run(short);
    },
  };
}
