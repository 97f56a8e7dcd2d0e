import { availableParallelism, cpus, release, type } from 'node:os';

/** The machine on which the figures were measured. */
export interface Machine {
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly date: string;
}

export function describeMachine(): Machine {
  return {
    system: `${type()} ${release()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}
