import { CLASSIC_REPLY } from '@timeq/time-protocol';
import type { AskStyle, ClassicStyle } from './ask-style.js';

/** Above every pid (PID_MAX_LIMIT, 2^22), so that no other client waits at it or at 3 more, and within C's int. */
const STEP = 8;
const LOWEST_STEP = 2 ** 22 / STEP + 1;
const STEPS = 2 ** 31 / STEP - 1 - LOWEST_STEP;

/** What a classic client sends, and the types at which it may be answered. */
export class ClassicPlaces {
  readonly body: string;
  #places: Map<number, ClassicStyle>;

  constructor(ask: Exclude<AskStyle, 'addressed'>) {
    if (ask === 'shared') {
      this.body = '';
      this.#places = new Map([[CLASSIC_REPLY, 'shared']]);
      return;
    }
    // While it is unknown how the server answers, a number that is no pid: so these types are not another client's.
    const number = ask === 'auto' ? STEP * (LOWEST_STEP + Math.floor(Math.random() * STEPS)) : process.pid;
    this.body = String(number);
    const all: [number, ClassicStyle][] = [
      [number + CLASSIC_REPLY, 'pid+3'],
      [number, 'pid'],
      [CLASSIC_REPLY, 'shared'],
    ];
    this.#places = new Map(all.filter(([, style]) => ask === 'auto' || style === ask));
  }

  get types(): number[] {
    return [...this.#places.keys()];
  }

  get styles(): ClassicStyle[] {
    return [...this.#places.values()];
  }

  /**
   * An answer came at a type. At this client's own types only this server answers, so the next answers come there too;
   * at type 3 it may be a leftover for another client.
   */
  learn(type: number): ClassicStyle {
    const style = this.#places.get(type) ?? 'shared';
    if (style !== 'shared') this.#places = new Map([[type, style]]);
    return style;
  }
}
