import type { Alarm } from './alarm.js';

/** Alarms by their next moment, the soonest first; those of one moment in the order in which they were made. */
export class AlarmHeap {
  readonly #alarms: Alarm[] = [];

  get first(): Alarm | undefined {
    return this.#alarms[0];
  }

  add(alarm: Alarm): void {
    this.#rise(alarm, this.#alarms.length);
  }

  /** Its moment is a later one now. */
  postponed(alarm: Alarm): void {
    this.#sink(alarm, alarm.place);
  }

  remove(alarm: Alarm): void {
    const last = this.#alarms.pop();
    if (last === undefined || last === alarm) return;
    this.#rise(last, alarm.place);
    this.#sink(last, last.place);
  }

  clear(): void {
    this.#alarms.length = 0;
  }

  #rise(alarm: Alarm, from: number): void {
    let place = from;
    while (place > 0) {
      const parent = this.#alarms[(place - 1) >> 1] as Alarm;
      if (!isBefore(alarm, parent)) break;
      this.#put(parent, place);
      place = (place - 1) >> 1;
    }
    this.#put(alarm, place);
  }

  #sink(alarm: Alarm, from: number): void {
    let place = from;
    for (;;) {
      const left = this.#alarms[2 * place + 1];
      const right = this.#alarms[2 * place + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, alarm)) break;
      const free = child.place;
      this.#put(child, place);
      place = free;
    }
    this.#put(alarm, place);
  }

  #put(alarm: Alarm, place: number): void {
    alarm.place = place;
    this.#alarms[place] = alarm;
  }
}

function isBefore(one: Alarm, other: Alarm): boolean {
  return one.next === other.next ? one.number < other.number : one.next < other.next;
}
