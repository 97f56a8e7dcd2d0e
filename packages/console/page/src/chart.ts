import type { Hour } from '@timeq/console/wire';
import UPlot from 'uplot';
import { timeText } from './words.js';

const HEIGHT = 180;

/** What is shown at least: five minutes. */
const LEAST_STEPS = 30;

/** A line takes two points: the first one is drawn as a dot. */
const LONE_POINTS: UPlot.Series.Points = {
  show: ({ data }, series) => (data[series] ?? []).filter((value) => value !== null).length === 1,
};

/** The library's enum of sides exists in its types only. */
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const RIGHT = 1 as UPlot.Axis.Side;

/** A line chart of the last hour, that follows the page's colours and width. */
export class Chart {
  readonly element: HTMLElement;
  #plot: UPlot | undefined;
  #data: UPlot.AlignedData = [[], [], [], []];
  readonly #resized = new ResizeObserver(() => {
    this.#plot?.setSize({ width: this.#width, height: HEIGHT });
  });
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');

  constructor(element: HTMLElement) {
    this.element = element;
    this.#resized.observe(this.element);
    this.#scheme.addEventListener('change', this.#redraw);
  }

  show({ end, step, depth, in: into, out }: Hour): void {
    const known = depth.findIndex((value) => value !== null);
    // Without the time before anything was known.
    const first = Math.max(0, Math.min(known < 0 ? depth.length : known, depth.length - LEAST_STEPS));
    const times = depth.map((_, index) => end - (depth.length - 1 - index) * step);
    this.#data = [times.slice(first), depth.slice(first), into.slice(first), out.slice(first)];
    if (this.#plot === undefined) this.#redraw();
    else this.#plot.setData(this.#data);
    this.#tellLatest();
  }

  close(): void {
    this.#resized.disconnect();
    this.#scheme.removeEventListener('change', this.#redraw);
    this.#plot?.destroy();
  }

  readonly #redraw = (): void => {
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--dim'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const rate = (label: string, name: string): UPlot.Series => ({
      label,
      scale: 'rate',
      stroke: colour(name),
      width: 1.5,
      points: LONE_POINTS,
    });
    this.#plot = new UPlot(
      {
        width: this.#width,
        height: HEIGHT,
        cursor: { y: false },
        hooks: {
          setCursor: [
            () => {
              this.#tellLatest();
            },
          ],
        },
        scales: { y: { range: fromZero }, rate: { range: fromZero } },
        axes: [
          { ...axis, values: clockTimes, size: 28 },
          { ...axis, size: 44 },
          { ...axis, scale: 'rate', side: RIGHT, size: 44, grid: { show: false } },
        ],
        series: [
          { label: 'at', value: (_, time) => (time === null ? '' : timeText(time)) },
          {
            label: 'messages',
            stroke: colour('--accent'),
            fill: colour('--accent-fill'),
            width: 1.5,
            points: LONE_POINTS,
          },
          rate('in/s', '--in'),
          rate('out/s', '--out'),
        ],
      },
      this.#data,
      this.element,
    );
  };

  /** Where nothing is pointed at, the legend has the latest values. */
  #tellLatest(): void {
    const plot = this.#plot;
    if (plot !== undefined && (plot.cursor.left ?? -1) < 0) plot.setLegend({ idx: this.#data[0].length - 1 });
  }

  get #width(): number {
    return Math.max(200, this.element.clientWidth);
  }
}

function fromZero(_plot: UPlot, _lowest: number, highest: number): UPlot.Range.MinMax {
  return [0, Math.max(1, highest * 1.1)];
}

function clockTimes(_plot: UPlot, times: readonly number[]): string[] {
  return times.map((time) => timeText(time).slice(11, 16));
}
