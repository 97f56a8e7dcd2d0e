import type { OtherKind, OtherObject, OtherObjects } from '@timeq/console/wire';
import { Asked } from './asked.js';
import { make } from './dom.js';
import { Panel } from './panel.js';
import { countText, numberText } from './words.js';

/** How often it asks for news, in milliseconds. */
const REFRESH = 2000;

const NAMES: Readonly<Record<OtherKind, string>> = {
  segments: 'segment',
  semaphores: 'semaphore set',
  posix: 'POSIX object',
};

function showObject({ name, owner, mode, content, verdict, reasons }: OtherObject): HTMLElement {
  const facts = [content, owner, mode].filter((text) => text !== '').join(', ');
  return make(
    'li',
    '',
    make('h3', '', name, make('b', `tag ${verdict}`, verdict)),
    make('p', '', facts),
    make('p', 'reasons', reasons),
  );
}

/** All objects of a kind, while they are shown. */
export class OpenObjects {
  readonly #kind: OtherKind;
  readonly #panel: Panel;
  readonly #asked: Asked<OtherObjects>;

  constructor(kind: OtherKind, close: () => void) {
    this.#kind = kind;
    this.#panel = new Panel(close);
    this.#asked = new Asked<OtherObjects>(this.#panel, kind, REFRESH, (answer) => {
      this.#show(answer);
    });
  }

  refresh(): void {
    this.#asked.refresh();
  }

  close(): void {
    this.#asked.close();
  }

  #show({ objects, leftOut, absent }: OtherObjects): void {
    const name = NAMES[this.#kind];
    this.#panel.title.textContent = countText(objects.length + leftOut, name);
    const list = make('ul', 'objects', ...objects.map(showObject));
    const notes = [
      ...(objects.length === 0 && absent.length === 0 ? [`There is no ${name}.`] : []),
      ...(leftOut > 0 ? [`${numberText(leftOut)} more not shown.`] : []),
      ...absent,
    ];
    this.#panel.body.replaceChildren(
      ...(objects.length > 0 ? [list] : []),
      ...notes.map((note) => make('p', 'note', note)),
    );
  }
}
