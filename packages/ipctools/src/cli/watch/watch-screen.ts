import { EXIT, exitCodeOfSignal } from '@timeq/cli-kit/exit/exit-codes';
import { screenOf } from '@timeq/cli-kit/output/screen';
import type { ScreenSize } from '@timeq/cli-kit/screens/alternate-screen';
import { LiveScreen } from '@timeq/cli-kit/screens/live-screen';
import { Facts } from '../../model/facts.js';
import { Owners } from '../../model/owners.js';
import type { Sample, Sampler } from '../../watch/sampler.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import { arrange } from './arrange.js';
import { columnsToShow } from './columns.js';
import { drawFrame, linesBetween, pageLines, rowsOnScreen, type Picture } from './frame.js';
import { goneSentence, lookAt, type Look } from './queue-page.js';
import { chosenNames, FIRST_VIEW, pressKey, settle, type Scene, type View } from './view.js';

export interface WatchPlan {
  /** Milliseconds between two samples. */
  readonly interval: number;
  /** Number of samples; Infinity: until the user quits. */
  readonly count: number;
  /** The columns, as --columns takes them. */
  readonly columns: string | undefined;
  /** As --sort takes it. */
  readonly sort: string;
  readonly conditions: readonly string[];
}

/** What the screen needs of the world. */
interface WatchTools {
  readonly sampler: Sampler;
  /** Judges, asks and cleans on the normal screen. */
  readonly clean: (queues: readonly WatchedQueue[]) => Promise<void>;
  /** Why nothing may be cleaned. */
  readonly refusal: string | undefined;
  /** For the last line, at first. */
  readonly message: string;
}

/** The live screen: from the first sample until the user quits. */
class WatchScreen {
  readonly #paint = screenOf().paint;
  readonly #facts = new Facts({ owners: new Owners() });
  readonly #plan: WatchPlan;
  readonly #tools: WatchTools;
  readonly #end: (exitCode: number) => void;
  readonly #fail: (error: unknown) => void;
  #screen: LiveScreen | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sample: Sample | undefined;
  #samples = 0;
  #view: View;
  /** The queue of the own page, as it was when it was last seen. */
  #seen: WatchedQueue | undefined;
  #look: Look | undefined;
  /** The lines of the page that was drawn last. */
  #lines = 0;

  constructor(
    plan: WatchPlan,
    tools: WatchTools,
    end: (exitCode: number) => void,
    fail: (error: unknown) => void,
  ) {
    const { sort, conditions } = plan;
    this.#plan = plan;
    this.#tools = tools;
    this.#end = end;
    this.#fail = fail;
    this.#view = { ...FIRST_VIEW, sort, conditions, message: tools.message };
    this.#open();
    this.#next();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#screen?.[Symbol.dispose]();
    this.#screen = undefined;
  }

  #open(): void {
    this.#screen = new LiveScreen({
      draw: (size) => this.#draw(size),
      press: (key, size) => this.#press(key, size),
      // The terminal is gone: quits, as with Ctrl-C.
      end: (signal) => this.#end(signal === 'SIGINT' ? EXIT.done : exitCodeOfSignal(signal)),
    });
  }

  #next(): void {
    const begin = performance.now();
    try {
      this.#sample = this.#tools.sampler.sample();
      if (this.#view.page === 'queue') this.#lookAgain();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#samples += 1;
    this.#screen?.draw();
    if (this.#samples >= this.#plan.count) {
      this.#end(EXIT.done);
      return;
    }
    const spent = performance.now() - begin;
    this.#timer = setTimeout(() => this.#next(), Math.max(0, this.#plan.interval - spent));
  }

  #lookAgain(): void {
    const queue = this.#queues.find(({ name }) => name === this.#view.cursor);
    this.#seen = queue ?? this.#seen;
    if (queue !== undefined) this.#look = lookAt(queue, this.#tools.sampler);
    else if (this.#seen !== undefined) this.#look = { refusal: goneSentence(this.#seen) };
  }

  get #queues(): readonly WatchedQueue[] {
    return this.#sample?.queues ?? [];
  }

  #scene(size: ScreenSize): Scene {
    const columns = columnsToShow(
      this.#plan.columns,
      this.#queues.some(({ namespace }) => namespace !== undefined),
    );
    return {
      queues: arrange(this.#queues, this.#view, columns, this.#facts),
      columns,
      facts: this.#facts,
      rows: this.#view.page === 'queues' ? rowsOnScreen(size) : linesBetween(size),
      lines: this.#lines,
      refusal: this.#tools.refusal,
    };
  }

  #press(key: string, size: ScreenSize): void {
    const scene = this.#scene(size);
    const next = pressKey(this.#view, key, scene);
    if (next === 'quit') return this.#end(EXIT.done);
    if (next === 'clean') {
      void this.#clean(chosenNames(this.#view, scene));
      return;
    }
    const opened = next.page === 'queue' && this.#view.page !== 'queue';
    this.#view = next;
    if (opened) this.#lookAgain();
  }

  async #clean(names: readonly string[]): Promise<void> {
    const queues = this.#queues.filter(({ name }) => names.includes(name));
    this.close();
    try {
      await this.#tools.clean(queues);
      this.#view = { ...this.#view, tagged: new Set(), page: 'queues' };
      this.#open();
      this.#next();
    } catch (error) {
      this.#fail(error);
    }
  }

  #draw(size: ScreenSize): readonly string[] {
    if (this.#sample === undefined) return [];
    const scene = this.#scene(size);
    this.#view = settle(this.#view, scene, this.#queues);
    const picture: Picture = {
      sample: this.#sample,
      queues: scene.queues,
      columns: scene.columns,
      view: this.#view,
      look: this.#look,
      interval: this.#plan.interval,
    };
    const lines = pageLines(picture, size, this.#paint);
    this.#lines = lines.length;
    return drawFrame(picture, lines, size, this.#paint);
  }
}

/** Shows the screen until the user quits, or after this many samples. @throws the sampler's errors */
export async function watchOnTerminal(plan: WatchPlan, tools: WatchTools): Promise<number> {
  const { promise, resolve, reject } = newPromise<number>();
  const screen = new WatchScreen(plan, tools, resolve, reject);
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
