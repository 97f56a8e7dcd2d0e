import type { Model, Transition } from './explore.js';

/** The part of a state that all models share. */
interface Common {
  /** The remaining steps of script's current job. */
  readonly job: readonly unknown[];
}

/** The steps that the event loop makes by itself, between two jobs of script. */
export const loopSteps = new Set(['serveNext', 'report_done', 'poll', 'the worker exits']);

/**
 * The states of a model in which the code can be. Each step leads to new states, and each observation
 * rules some out. If none is left, the code did something that the model does not allow.
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

  /** A copy, on which steps can be tried. */
  copy(): PossibleStates<State> {
    return new PossibleStates(this.#model, this.#states);
  }

  /** The next steps of the world that are possible in at least one of the states. */
  choices(): Set<string> {
    return new Set(this.#states.flatMap((state) => this.#steps(state, 'world').map(({ name }) => name)));
  }

  /** The world makes a step, which has no effect in states where it is impossible. Threads run on, the event loop does not. */
  did(name: string): void {
    this.#states = this.#states.flatMap((state) => {
      const steps = this.#steps(state, 'world').filter((step) => step.name === name);
      return steps.length === 0 ? [state] : steps.map(({ next }) => next);
    });
    this.#run(({ name: step }) => !loopSteps.has(step));
  }

  /** Observes the code in the middle of a job of script. @returns whether the model allows the observation */
  saw(looks: (state: State) => boolean): boolean {
    this.#states = this.#states.filter(looks);
    return this.#states.length > 0;
  }

  /** Observes the code after a turn of the event loop. 'resting': the code is idle. */
  sawInTurn(looks: (state: State) => boolean): 'impossible' | 'moving' | 'resting' {
    this.#run(() => true);
    if (!this.#states.some(looks)) return 'impossible';
    return this.#resting(looks).length > 0 ? 'resting' : 'moving';
  }

  /** The idle states that match the observation. */
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

/** The model's side of a subject of a replay. */
export abstract class Modelled<State extends Common> {
  protected readonly possible: PossibleStates<State>;
  /** The possible states after the steps that are about to be played. */
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

  /** Compares the code with the model after a turn of the event loop. */
  protected sees(looks: (state: State) => boolean): ReturnType<PossibleStates<State>['sawInTurn']> {
    this.#looks = looks;
    return this.possible.sawInTurn(looks);
  }
}
