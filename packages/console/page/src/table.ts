import { COLUMNS, type Column } from './columns.js';
import { Arrangement } from './arrangement.js';
import { filterFrom, type Order } from './choice.js';
import { find, make, setAttribute, setText } from './dom.js';
import { drawSparkline, makeSparkline } from './sparkline.js';
import type { Queue, Store } from './store.js';
import { countText, numberText } from './words.js';

/** The height of a row in the style sheet, in pixels. */
const ROW_HEIGHT = 32;

/** Rows above and below the visible ones, so that scrolling shows no gap. */
const SPARE = 6;

/** New rows in one frame: to style and lay out a whole screen of them takes long. */
const NEW_ROWS = 6;

interface Line {
  readonly element: HTMLTableRowElement;
  readonly cells: readonly HTMLElement[];
  readonly bar: HTMLElement;
  readonly spark: SVGSVGElement;
}

/** The table of queues: as many rows as fit the window, however many queues there are. */
export class Table {
  readonly #store: Store;
  readonly #open: (id: number) => void;
  readonly #grid = find('queues');
  readonly #scroll = find('scroll');
  readonly #head = make('tr');
  readonly #above = make('tr', 'gap');
  readonly #below = make('tr', 'gap');
  readonly #lines: Line[] = [];
  #order: Order = { column: COLUMNS[0] as Column, descending: false };
  #filter = '';
  #shown: readonly Queue[] = [];
  readonly #arrangement = new Arrangement((queues) => {
    this.#show(queues);
  });
  /** The store has changed since the arrangement began. */
  #changed = false;
  // To ask the element for them would lay out the page at once, each time.
  #top = 0;
  #height = 0;
  #frame = 0;
  #chosen: number | undefined;

  constructor(store: Store, open: (id: number) => void) {
    this.#store = store;
    this.#open = open;
    this.#grid.querySelector('thead')?.append(this.#head);
    for (const column of COLUMNS) this.#head.append(this.#heading(column));
    for (const gap of [this.#above, this.#below]) gap.setAttribute('aria-hidden', 'true');
    this.#grid.querySelector('tbody')?.append(this.#above, this.#below);
    this.#scroll.addEventListener('scroll', () => {
      this.#top = this.#scroll.scrollTop;
      this.#draw();
    });
    new ResizeObserver(() => {
      this.#height = this.#scroll.clientHeight;
      this.#draw();
    }).observe(this.#scroll);
    this.#grid.addEventListener('keydown', (event) => {
      if (this.#key(event.key)) event.preventDefault();
    });
  }

  /** Shows only queues that the filter's words fit. */
  filter(text: string): void {
    this.#filter = text;
    this.#scroll.scrollTop = 0;
    this.#top = 0;
    this.#arrange();
  }

  focus(): void {
    this.#grid.focus({ preventScroll: true });
  }

  /** Marks the queue that is open. */
  choose(id: number | undefined): void {
    this.#chosen = id;
    this.#draw();
  }

  /** Shows the store's content as it is now. */
  render(): void {
    if (this.#arrangement.isRunning) this.#changed = true;
    else this.#arrange();
  }

  #arrange(): void {
    const { queues, time } = this.#store;
    this.#changed = false;
    this.#arrangement.start(queues.values(), filterFrom(this.#filter), this.#order, time);
  }

  #show(fitting: readonly Queue[]): void {
    const { queues } = this.#store;
    this.#shown = fitting;
    const all = countText(queues.size, 'queue');
    setText(find('count'), fitting.length === queues.size ? all : `${numberText(fitting.length)} of ${all}`);
    const empty = find('empty');
    empty.hidden = fitting.length > 0;
    setText(
      empty,
      queues.size === 0 ? 'There is no queue. `ipctools create` makes one.' : 'No queue fits the filter.',
    );
    setAttribute(this.#grid, 'aria-rowcount', String(fitting.length + 1));
    this.#draw();
    if (this.#changed) this.#arrange();
  }

  #heading(column: Column): HTMLTableCellElement {
    const button = make('button', '', column.label);
    button.type = 'button';
    button.title = column.title;
    const heading = make('th', `c-${column.name}${column.right === true ? ' right' : ''}`, button);
    heading.scope = 'col';
    button.addEventListener('click', () => {
      const again = this.#order.column === column;
      // Numbers are looked at from the largest down.
      const descending = again
        ? !this.#order.descending
        : !['key', 'id', 'owner', 'verdict'].includes(column.name);
      this.#order = { column, descending };
      this.#markOrder();
      this.#arrange();
    });
    if (column === this.#order.column) heading.setAttribute('aria-sort', 'ascending');
    return heading;
  }

  #markOrder(): void {
    const { column, descending } = this.#order;
    [...this.#head.children].forEach((heading, index) => {
      const sorts = COLUMNS[index] === column;
      setAttribute(heading, 'aria-sort', sorts ? (descending ? 'descending' : 'ascending') : undefined);
    });
  }

  #draw(): void {
    const total = this.#shown.length;
    const most = Math.ceil(this.#height / ROW_HEIGHT) + 2 * SPARE;
    // Even, so that the stripes keep their place.
    const first = Math.max(0, Math.min(Math.floor(this.#top / ROW_HEIGHT) - SPARE, total - most)) & ~1;
    const last = Math.min(total, first + most);
    const wanted = last - first;
    const { length } = this.#lines;
    while (this.#lines.length < Math.min(wanted, length + NEW_ROWS)) this.#addLine();
    const end = first + Math.min(wanted, this.#lines.length);
    if (end < last) this.#drawMore();
    this.#lines.forEach((line, index) => {
      const queue = first + index < end ? this.#shown[first + index] : undefined;
      line.element.hidden = queue === undefined;
      if (queue !== undefined) this.#drawLine(line, queue, first + index);
      // Another line may show that queue now, and an id is on the page once.
      else line.element.removeAttribute('id');
    });
    this.#above.style.height = `${first * ROW_HEIGHT}px`;
    this.#below.style.height = `${(total - end) * ROW_HEIGHT}px`;
    const active = this.#shown.findIndex(({ row }) => row.id === this.#chosen);
    const visible = active >= first && active < end;
    setAttribute(this.#grid, 'aria-activedescendant', visible ? `queue-${this.#chosen}` : undefined);
  }

  #drawMore(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#draw();
    });
  }

  #addLine(): void {
    const bar = make('i', 'bar');
    const spark = makeSparkline();
    const cells = COLUMNS.map(({ name, right }) => {
      const cell = make('td', `c-${name}${right === true ? ' right' : ''}`);
      if (name === 'full') cell.append(bar, make('span'));
      if (name === 'history') cell.append(spark);
      return cell;
    });
    const element = make('tr', '', ...cells);
    element.addEventListener('click', () => {
      this.#open(Number(element.dataset['id']));
    });
    this.#below.before(element);
    this.#lines.push({ element, cells, bar, spark });
  }

  #drawLine({ element, cells, bar, spark }: Line, { row, points }: Queue, index: number): void {
    const now = this.#store.time;
    const id = String(row.id);
    element.dataset['id'] = id;
    element.id = `queue-${id}`;
    setAttribute(element, 'aria-rowindex', String(index + 2));
    setAttribute(element, 'aria-selected', String(row.id === this.#chosen));
    COLUMNS.forEach(({ name, text }, column) => {
      const cell = cells[column];
      if (cell === undefined || name === 'history') return;
      setText(name === 'full' ? (cell.lastElementChild ?? cell) : cell, text(row, now));
    });
    const full = row.full ?? 0;
    bar.style.setProperty('--share', `${Math.min(100, full)}%`);
    setAttribute(bar, 'data-level', full >= 95 ? 'high' : full >= 80 ? 'near' : undefined);
    setAttribute(element, 'data-verdict', row.verdict);
    setAttribute(element, 'title', row.reasons);
    setAttribute(element, 'data-blocked', (row.senders ?? 0) > 0 ? 'yes' : undefined);
    drawSparkline(spark, points, now);
  }

  /** Whether the key was one of the table's. */
  #key(key: string): boolean {
    const page = Math.max(1, Math.floor(this.#scroll.clientHeight / ROW_HEIGHT) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    if (key === 'Enter') {
      if (this.#chosen !== undefined) this.#open(this.#chosen);
      return this.#chosen !== undefined;
    }
    const step = steps[key];
    if (step === undefined || this.#shown.length === 0) return false;
    const at = this.#shown.findIndex(({ row }) => row.id === this.#chosen);
    const next = Math.min(this.#shown.length - 1, Math.max(0, at < 0 ? 0 : at + step));
    this.#chosen = this.#shown[next]?.row.id;
    this.#reveal(next);
    this.#top = this.#scroll.scrollTop;
    this.#draw();
    return true;
  }

  #reveal(index: number): void {
    const head = this.#head.getBoundingClientRect().height;
    const top = index * ROW_HEIGHT;
    const bottom = top + ROW_HEIGHT - (this.#scroll.clientHeight - head);
    if (this.#scroll.scrollTop > top) this.#scroll.scrollTop = top;
    else if (this.#scroll.scrollTop < bottom) this.#scroll.scrollTop = bottom;
  }
}
