import type { Case } from './case.js';
import type { Contender } from './contender.js';

/** What a run found out, by name. */
export type Figures = Record<string, number>;

/** A contender that knows itself how it is run. */
export interface Runner extends Contender {
  run(short: boolean): Promise<Figures>;
}

/** A contender of its own kind: there is no command with roles behind it. */
export function runner(
  name: string,
  run: (short: boolean) => Promise<Figures>,
  more: Partial<Pick<Contender, 'baseline' | 'missing'>> = {},
): Runner {
  return { name, run, command: () => [], missing: () => undefined, ...more };
}

/** A case of contenders that know themselves how they are run. */
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
