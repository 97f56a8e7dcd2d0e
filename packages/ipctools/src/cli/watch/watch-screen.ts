import { EXIT, exitCodeOfSignal } from '@timeq/cli-kit/exit/exit-codes';
import { screenOf } from '@timeq/cli-kit/output/screen';
import { AlternateScreen } from './alternate-screen.js';
import { drawFrame, queuesOnScreen } from './frame.js';
import type { Sample, Sampler } from '../../watch/sampler.js';
import { FIRST_VIEW, pressKey, type View } from './view.js';

export interface WatchPlan {
  /** Milliseconds between two samples. */
  readonly interval: number;
  /** Number of samples; Infinity: until the user quits. */
  readonly count: number;
}

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Keys as the terminal sends them; an arrow is several bytes. */
function* keysIn(bytes: Buffer): Generator<string> {
  // oxlint-disable-next-line no-control-regex
  yield* bytes.toString('latin1').match(/\u001b\[[\d;]*[A-Za-z~]|[^]/g) ?? [];
}

/** The live screen: from the first sample until the user quits. */
class WatchScreen {
  readonly #screen = new AlternateScreen();
  readonly #paint = screenOf().paint;
  readonly #sampler: Sampler;
  readonly #plan: WatchPlan;
  readonly #end: (exitCode: number) => void;
  readonly #fail: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #sample: Sample | undefined;
  #samples = 0;
  #view: View = FIRST_VIEW;

  constructor(
    sampler: Sampler,
    plan: WatchPlan,
    end: (exitCode: number) => void,
    fail: (error: unknown) => void,
  ) {
    this.#sampler = sampler;
    this.#plan = plan;
    this.#end = end;
    this.#fail = fail;
    for (const signal of ENDING_SIGNALS) process.on(signal, this.#onSignal);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#resume);
    process.stdout.on('resize', this.#onResize);
    // Keys come from a terminal only; piped input belongs to another program.
    if (process.stdin.isTTY) {
      process.stdin.on('data', this.#onKeys).on('error', this.#onHangUp).on('end', this.#onHangUp);
    }
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const signal of ENDING_SIGNALS) process.off(signal, this.#onSignal);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#resume);
    process.stdout.off('resize', this.#onResize);
    process.stdin.off('data', this.#onKeys).off('error', this.#onHangUp).off('end', this.#onHangUp);
    process.stdin.pause();
    this.#screen[Symbol.dispose]();
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    // The terminal is gone: quits, as with Ctrl-C.
    this.#end(signal === 'SIGINT' ? EXIT.done : exitCodeOfSignal(signal));
  };

  readonly #onHangUp = (): void => this.#end(exitCodeOfSignal('SIGHUP'));

  readonly #onResize = (): void => {
    this.#screen.clear();
    this.#draw();
  };

  readonly #suspend = (): void => {
    this.#screen.leave();
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #resume = (): void => {
    this.#screen.enter();
    this.#draw();
  };

  readonly #onKeys = (bytes: Buffer): void => {
    for (const key of keysIn(bytes)) {
      const asked = pressKey(this.#view, key, queuesOnScreen(this.#screen.size));
      if (asked === 'quit') return this.#end(EXIT.done);
      if (asked === 'suspend') this.#suspend();
      else if (asked !== undefined) this.#view = asked;
    }
    this.#draw();
  };

  #look(): void {
    const begin = performance.now();
    try {
      this.#sample = this.#sampler.sample();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#samples += 1;
    this.#draw();
    if (this.#samples >= this.#plan.count) {
      this.#end(EXIT.done);
      return;
    }
    const spent = performance.now() - begin;
    this.#timer = setTimeout(() => this.#look(), Math.max(0, this.#plan.interval - spent));
  }

  #draw(): void {
    if (this.#sample === undefined) return;
    const { size } = this.#screen;
    // Scrolled beyond the end, because queues were removed: scrolls back, so that the next key moves at once.
    const last = Math.max(0, this.#sample.queues.length - queuesOnScreen(size));
    this.#view = { ...this.#view, offset: Math.min(this.#view.offset, last) };
    this.#screen.draw(drawFrame(this.#sample, this.#view, this.#plan.interval, size, this.#paint));
  }
}

/** Shows the screen until the user quits, or after this many samples. @throws the sampler's errors */
export async function watchOnTerminal(sampler: Sampler, plan: WatchPlan): Promise<number> {
  const { promise, resolve, reject } = newPromise<number>();
  const screen = new WatchScreen(sampler, plan, resolve, reject);
  try {
    return await promise;
  } finally {
    screen.close();
  }
}

/** Promise.withResolvers, which Node 20 hasn't. */
function newPromise<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Value>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
