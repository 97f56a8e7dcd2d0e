import { find, make } from './dom.js';

/** What is open beside the list: its title, a button that closes it, and its content. */
export class Panel {
  readonly title = make('h2', '', '…');
  readonly body = make('div', 'body');
  readonly #element = find('detail');

  constructor(close: () => void, buttons: readonly HTMLElement[] = [], above: readonly HTMLElement[] = []) {
    const button = make('button', 'close', '×');
    button.type = 'button';
    button.title = 'Close (Esc)';
    button.setAttribute('aria-label', 'Close');
    button.addEventListener('click', close);
    this.#element.replaceChildren(make('div', 'title', this.title, ...buttons, button), ...above, this.body);
    this.#element.hidden = false;
  }

  /** Shows a sentence in place of the content. */
  say(sentence: string): void {
    this.body.replaceChildren(make('p', 'note', sentence));
  }

  close(): void {
    this.#element.hidden = true;
    this.#element.replaceChildren();
  }
}

export function tableOf(
  className: string,
  labels: readonly string[],
  rows: ReadonlyArray<readonly (string | Node)[]>,
): HTMLElement {
  const heading = make('tr', '', ...labels.map((label) => make('th', '', label)));
  const body = rows.map((row) => make('tr', '', ...row.map((content) => make('td', '', content))));
  return make('table', className, make('thead', '', heading), make('tbody', '', ...body));
}
