import type { ServerResponse } from 'node:http';
import type { Look, Source } from './source.js';
import type { Change, Row } from './wire.js';

/** How many queues one event has: the browser reads each without a pause that people notice. */
const ROWS_IN_EVENT = 200;

/** A sample may take this share of the time at most. */
const SHARE = 4;

/** Bytes that may wait for a viewer, who then misses changes and is told everything anew when it has read them. */
const MOST_WAITING = 4096;

/** A browser that connects again does so after this many milliseconds. */
const RETRY = 1000;

interface Viewer {
  readonly response: ServerResponse;
  /** It has to be told everything. */
  anew: boolean;
}

/** A queue, and the same as JSON. */
interface Told {
  readonly row: Row;
  readonly text: string;
}

/** Samples while a viewer looks, once for all of them, and tells each what has changed. */
export class Feed {
  readonly #source: Source;
  readonly #failed: (error: unknown) => void;
  readonly #viewers = new Set<Viewer>();
  /** The queues as they were told last, by id. */
  #told = new Map<number, Told>();
  #overview = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param failed is told of a sample that failed; the next one may not */
  constructor(source: Source, failed: (error: unknown) => void) {
    this.#source = source;
    this.#failed = failed;
  }

  /** How many look. */
  get viewers(): number {
    return this.#viewers.size;
  }

  /** Looks for a viewer who is about to come: then the queues are known when it does. */
  expectViewer(): void {
    if (this.#timer === undefined) this.#sample();
  }

  /** Keeps the response open, and tells it of changes until it is closed. */
  add(response: ServerResponse): void {
    const viewer: Viewer = { response, anew: true };
    this.#viewers.add(viewer);
    response.on('close', () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.#rest();
    });
    response.write(`retry: ${RETRY}\nevent: hello\ndata: ${JSON.stringify(this.#source.hello)}\n\n`);
    if (this.#timer === undefined) this.#sample();
    else this.#tellAnew(viewer);
  }

  close(): void {
    this.#rest();
    for (const { response } of this.#viewers) response.destroy();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sample(): void {
    const begin = performance.now();
    const events = this.#look();
    for (const viewer of this.#viewers) {
      if (viewer.anew) this.#tellAnew(viewer);
      else if (viewer.response.writableLength > MOST_WAITING) viewer.anew = true;
      else for (const event of events) viewer.response.write(event);
    }
    const took = performance.now() - begin;
    const pause = Math.max(this.#source.hello.interval - took, took * SHARE);
    this.#timer = setTimeout(() => {
      if (this.#viewers.size > 0) this.#sample();
      else this.#rest();
    }, pause).unref();
  }

  #look(): string[] {
    try {
      return this.#changes(this.#source.look());
    } catch (error) {
      this.#failed(error);
      return [];
    }
  }

  /** The events for a viewer who knows what was told last. */
  #changes({ time, queues, overview }: Look): string[] {
    const before = this.#told;
    this.#told = new Map();
    const changed: string[] = [];
    for (const row of queues) {
      const known = before.get(row.id);
      const told = known?.row === row ? known : { row, text: JSON.stringify(row) };
      this.#told.set(row.id, told);
      if (known?.text !== told.text) changed.push(told.text);
      before.delete(row.id);
    }
    const overviewText = JSON.stringify(overview);
    const isNew = overviewText !== this.#overview;
    this.#overview = overviewText;
    return eventsOf({ time, gone: [...before.keys()] }, changed, isNew ? overviewText : undefined);
  }

  #tellAnew(viewer: Viewer): void {
    // Nothing is known until a sample succeeds.
    if (this.#overview === '' || viewer.response.writableLength > MOST_WAITING) return;
    viewer.anew = false;
    const fields = { time: Date.now(), gone: [], anew: true } as const;
    for (const event of eventsOf(
      fields,
      [...this.#told.values()].map(({ text }) => text),
      this.#overview,
    ))
      viewer.response.write(event);
  }
}

/** The rows and the overview are JSON already: made once for all viewers. */
function eventsOf(
  { time, gone, anew }: Pick<Change, 'time' | 'gone' | 'anew'>,
  rows: readonly string[],
  overview: string | undefined,
): string[] {
  const events: string[] = [];
  let begin = 0;
  do {
    const part = rows.slice(begin, begin + ROWS_IN_EVENT);
    const isFirst = begin === 0;
    begin += ROWS_IN_EVENT;
    const fields = [
      `"time":${time}`,
      ...(isFirst && anew === true ? ['"anew":true'] : []),
      ...(begin < rows.length ? ['"more":true'] : []),
      `"queues":[${part.join(',')}]`,
      `"gone":${isFirst ? JSON.stringify(gone) : '[]'}`,
      ...(isFirst && overview !== undefined ? [`"overview":${overview}`] : []),
    ];
    events.push(`data: {${fields.join(',')}}\n\n`);
  } while (begin < rows.length);
  return events;
}
