import type { Clocks, MachineMoment, OtherClock } from './clocks.js';
import { machineClocks } from './machine-clocks.js';
import { readCourse, type Course } from './course.js';

/** Moments that 64 bits hold in nanoseconds, as other languages read them: the years 1677 to 2262. */
const LAST = 2n ** 63n - 1n;

/** A clock for tests of programs that ask for the time. */
export class TestClock implements Clocks {
  /** Sets the clock again; undefined if clients may not do that. */
  readonly set?: (text: string) => void;
  #course: Course | undefined;

  /**
   * @param text `fixed:TIME`, `offset:+1h30m`, `rate:60` or `rate:60,from:TIME`; `machine` for the machine's clock
   * @param settable whether clients may set it
   * @throws {RangeError}
   */
  constructor(text: string, settable = false) {
    this.#course = readCourse(text, machineClocks);
    if (settable) this.set = (other) => (this.#course = readCourse(other, machineClocks));
  }

  wall(): bigint {
    const machine = machineClocks.wall();
    const moment = this.#course?.at(machine, machineClocks.steady()) ?? machine;
    if (moment > LAST) return LAST;
    return moment < -LAST ? -LAST : moment;
  }

  steady(): bigint {
    return machineClocks.steady();
  }

  asctime(second: bigint): string {
    return machineClocks.asctime(second);
  }

  when(moment: bigint): MachineMoment | undefined {
    return this.#course === undefined ? { clock: 'wall', moment } : this.#course.when(moment);
  }

  sync = machineClocks.sync;

  other(): OtherClock | undefined {
    return this.#course && { name: this.#course.name, machine: machineClocks.wall() };
  }
}
