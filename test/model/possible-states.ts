import type { Model, Transition } from './explore.js';

/** What the states of all models have. */
interface Common {
  /** What script has still to do in the job that it is in the middle of. */
  readonly job: readonly unknown[];
}

/** What the event loop does by itself, between two jobs of script. */
export const loopSteps = new Set(['serveNext', 'report_done', 'poll', 'the worker exits']);

/**
 * In which states of a model the code can be that it describes: what was done with it leads there, and what was seen of it
 * rules states out. When none is left, the code has done something that the model does not allow.
 */
export class PossibleStates<State extends Common> {
  readonly #model: Model<State>;
  #states: readonly State[];

  constructor(model: Model<State>, states: readonly State[] = [model.initial]) {
    this.#model = model;
    this.#states = states;
  }

  get states(): readonly State[] {
    return this.#states;
  }

  /** A copy, to see what could come of something. */
  copy(): PossibleStates<State> {
    return new PossibleStates(this.#model, this.#states);
  }

  /** What the world can do next, in one of them or another. */
  choices(): Set<string> {
    return new Set(this.#states.flatMap((state) => this.#steps(state, 'world').map(({ name }) => name)));
  }

  /** The world does something, which has no effect in a state in which it can't. Threads go on, the event loop does not. */
  did(name: string): void {
    this.#states = this.#states.flatMap((state) => {
      const steps = this.#steps(state, 'world').filter((step) => step.name === name);
      return steps.length === 0 ? [state] : steps.map(({ next }) => next);
    });
    this.#run(({ name: step }) => !loopSteps.has(step));
  }

  /** What was seen while script was in the middle of a job. @returns whether it is possible */
  saw(looks: (state: State) => boolean): boolean {
    this.#states = this.#states.filter(looks);
    return this.#states.length > 0;
  }

  /** What was seen after the event loop has turned. 'resting': the code has nothing more to do. */
  sawInTurn(looks: (state: State) => boolean): 'impossible' | 'moving' | 'resting' {
    this.#run(() => true);
    if (!this.#states.some(looks)) return 'impossible';
    return this.#resting(looks).length > 0 ? 'resting' : 'moving';
  }

  /** It is idle, and looks like this. */
  rested(looks: (state: State) => boolean): void {
    this.#states = this.#resting(looks);
  }

  #resting(looks: (state: State) => boolean): State[] {
    return this.#states.filter((state) => looks(state) && this.#steps(state, 'code').length === 0);
  }

  #steps(state: State, by: Transition<State>['by']): Transition<State>[] {
    const key = JSON.stringify(state);
    return this.#model
      .transitions(state)
      .filter((step) => step.by === by && (by === 'world' || JSON.stringify(step.next) !== key));
  }

  #run(may: (step: Transition<State>) => boolean): void {
    const found = new Map(this.#states.map((state) => [JSON.stringify(state), state]));
    for (const state of found.values()) {
      for (const step of this.#steps(state, 'code')) {
        if (may(step)) found.set(JSON.stringify(step.next), step.next);
      }
    }
    this.#states = [...found.values()].filter(({ job }) => job.length === 0);
  }
}

/** What a subject of a replay keeps of its model. */
export abstract class Modelled<State extends Common> {
  protected readonly possible: PossibleStates<State>;
  /** What can come of the steps that are going to be played. */
  #foreseen: PossibleStates<State>;
  #looks: (state: State) => boolean = () => true;

  constructor(model: Model<State>) {
    this.possible = new PossibleStates(model);
    this.#foreseen = this.possible.copy();
  }

  choices(): string[] {
    return [...this.#foreseen.choices()];
  }

  foresee(step: string): void {
    this.#foreseen.did(step);
  }

  rested(): void {
    this.possible.rested(this.#looks);
    this.#foreseen = this.possible.copy();
  }

  /** Compares with the model what there is after a turn of the event loop. */
  protected sees(looks: (state: State) => boolean): ReturnType<PossibleStates<State>['sawInTurn']> {
    this.#looks = looks;
    return this.possible.sawInTurn(looks);
  }
}
