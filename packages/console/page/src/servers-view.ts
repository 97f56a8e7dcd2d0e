import type { TimeServer, TimeServers } from '@timeq/console/wire';
import { Asked } from './asked.js';
import { make, setText } from './dom.js';
import { Panel } from './panel.js';
import { countText, numberText, rateText, timeText } from './words.js';

/** How often it asks for news, a bit less than the pause between samples, and how often a clock is drawn, in milliseconds. */
const REFRESH = 900;
const TICK = 200;

interface Clock {
  readonly element: HTMLElement;
  /** The server's time at a moment of the browser's monotonic clock. */
  readonly time: number;
  readonly at: number;
}

function stateOf({ answered, roundTrip }: TimeServer): HTMLElement {
  if (answered === undefined) return make('b', 'tag unknown', 'may not be asked');
  if (!answered) return make('b', 'tag stale', 'does not answer');
  return make('b', 'tag live', roundTrip === undefined ? 'answers' : `answers in ${roundTrip.toFixed(1)} ms`);
}

/** The time servers, while they are shown. Only then they are asked. */
export class OpenServers {
  readonly #panel: Panel;
  readonly #ticking: number;
  readonly #asked: Asked<TimeServers>;
  #clocks: Clock[] = [];

  constructor(close: () => void) {
    this.#panel = new Panel(close);
    this.#ticking = window.setInterval(() => {
      this.#tick();
    }, TICK);
    this.#asked = new Asked<TimeServers>(this.#panel, 'servers', REFRESH, (servers) => {
      this.#show(servers);
    });
  }

  refresh(): void {
    this.#asked.refresh();
  }

  close(): void {
    this.#asked.close();
    window.clearInterval(this.#ticking);
  }

  #show({ time, servers, leftOut }: TimeServers): void {
    this.#clocks = [];
    this.#panel.title.textContent = countText(servers.length + leftOut, 'time server');
    this.#panel.body.replaceChildren(
      ...servers.map((server) => this.#showOne(server, time)),
      ...(servers.length === 0 ? [make('p', 'note', 'There is no time server.')] : []),
      ...(leftOut > 0 ? [make('p', 'note', `${countText(leftOut, 'more server')} not asked.`)] : []),
      make('p', 'note', 'Each look sends each server one request, which its counts include.'),
    );
    this.#tick();
  }

  #showOne(server: TimeServer, time: number): HTMLElement {
    const { key, id, pid, version, requests, perSecond, lost, waiting } = server;
    const facts: [label: string, content: string | Node][] = [['state', stateOf(server)]];
    if (pid !== undefined) facts.push(['server', `pid ${pid}, version ${version ?? '?'}`]);
    if (server.ahead !== undefined) facts.push(['clock', this.#clockOf(server, time + server.ahead)]);
    if (requests !== undefined) {
      const rate = perSecond === undefined ? '' : `, ${rateText([perSecond, 0])} a second`;
      facts.push(['requests', `${numberText(requests)}${rate}`]);
    }
    if (lost !== undefined) facts.push(['replies', `${lost} lost, ${waiting ?? 0} waiting for room`]);
    return make(
      'section',
      'server',
      make('h3', '', `queue ${id} (key ${key})`),
      make(
        'dl',
        'facts',
        ...facts.flatMap(([label, content]) => [make('dt', '', label), make('dd', '', content)]),
      ),
    );
  }

  #clockOf({ clock }: TimeServer, time: number): HTMLElement {
    const element = make('time', '', '');
    this.#clocks.push({ element, time, at: performance.now() });
    return make('span', '', element, clock === undefined ? '' : ` by ${clock}, not the machine’s`);
  }

  #tick(): void {
    for (const { element, time, at } of this.#clocks) {
      setText(element, timeText(Math.floor((time + performance.now() - at) / 1000)));
    }
  }
}
