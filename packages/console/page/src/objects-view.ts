import type { OtherObject, OtherObjects } from '@timeq/console/wire';
import { Asked } from './asked.js';
import { make } from './dom.js';
import { Panel, tableOf } from './panel.js';
import { countText } from './words.js';

/** How often it asks for news, in milliseconds. */
const REFRESH = 2000;

export type Kind = keyof OtherObjects;

const NAMES: Readonly<Record<Kind, string>> = { segments: 'segment', semaphores: 'semaphore set' };

function rowOf({ key, id, owner, mode, content, verdict, reasons }: OtherObject): (string | Node)[] {
  const judged = make('span', '', make('b', `tag ${verdict}`, verdict), ` ${reasons}`);
  return [key === '' ? 'private' : key, String(id), `${owner} ${mode}`, content, judged];
}

/** All segments or semaphore sets, while they are shown. */
export class OpenObjects {
  readonly name: Kind;
  readonly #panel: Panel;
  readonly #asked: Asked<OtherObjects>;

  constructor(name: Kind, close: () => void) {
    this.name = name;
    this.#panel = new Panel(close);
    this.#asked = new Asked<OtherObjects>(this.#panel, 'objects', REFRESH, (objects) => {
      this.#show(objects[this.name]);
    });
  }

  refresh(): void {
    this.#asked.refresh();
  }

  close(): void {
    this.#asked.close();
  }

  #show(objects: readonly OtherObject[]): void {
    this.#panel.title.textContent = countText(objects.length, NAMES[this.name]);
    const table = tableOf('objects', ['Key', 'Id', 'Owner', 'Content', 'Verdict'], objects.map(rowOf));
    const none = make('p', 'note', `There is no ${NAMES[this.name]}.`);
    this.#panel.body.replaceChildren(objects.length > 0 ? table : none);
  }
}
