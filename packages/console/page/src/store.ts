import type { Change, Row } from '@timeq/console/wire';

/** How long a sparkline looks back, in milliseconds, and how many changes of depth it remembers. */
export const LOOKS_BACK = 180_000;
const MOST_POINTS = 180;

/** When a queue came to a depth: a queue at rest takes one point, however long it rests. */
export interface Point {
  readonly time: number;
  readonly messages: number;
}

export interface Queue {
  row: Row;
  readonly points: Point[];
}

/** The queues as the server told them last. */
export class Store {
  readonly queues = new Map<number, Queue>();
  /** The server's time of the last sample, in milliseconds; its clock and the browser's may differ. */
  time = 0;

  apply(change: Change): void {
    this.time = change.time;
    for (const id of change.gone) this.queues.delete(id);
    // Their points stay for those that are there still, until all parts have come.
    if (change.anew === true) this.#unconfirmed = new Set(this.queues.keys());
    for (const row of change.queues) {
      this.#unconfirmed.delete(row.id);
      this.#set(row);
    }
    if (change.more === true) return;
    for (const id of this.#unconfirmed) this.queues.delete(id);
    this.#unconfirmed.clear();
  }

  #unconfirmed = new Set<number>();

  #set(row: Row): void {
    const known = this.queues.get(row.id);
    if (known === undefined) {
      this.queues.set(row.id, { row, points: [{ time: this.time, messages: row.messages }] });
      return;
    }
    known.row = row;
    const { points } = known;
    if (points.at(-1)?.messages === row.messages) return;
    points.push({ time: this.time, messages: row.messages });
    if (points.length > MOST_POINTS) points.shift();
  }
}
