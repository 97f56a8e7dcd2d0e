import type { QueueView, ShownMessage, ShownProcess } from '@timeq/console/wire';
import type { ChangeDialog } from './changes.js';
import type { Chart } from './chart.js';
import { make } from './dom.js';
import { Asked } from './asked.js';
import { Panel, tableOf } from './panel.js';
import { bytesText, countText, fullText, nameText, numberText, spanText, timeText } from './words.js';

/** How often it asks for news at least, in milliseconds. */
const REFRESH = 5000;

type Fact = readonly [label: string, text: string];

function ago(time: number, now: number): string {
  if (time === 0) return 'never';
  return `${timeText(time)} (${spanText(now / 1000 - time)} ago)`;
}

function describeProcess({ what, who, time }: ShownProcess, now: number): Fact {
  return [what, who === '' ? 'never' : `${who}, ${ago(time, now)}`];
}

function factsOf({
  row,
  group,
  creator,
  maxMessageBytes,
  changedAt,
  sender,
  receiver,
  time,
}: QueueView): Fact[] {
  const limit = row.maxBytes === undefined ? '?' : bytesText(row.maxBytes);
  return [
    ['messages', numberText(row.messages)],
    ['bytes', `${bytesText(row.bytes)} of ${limit}, ${fullText(row.full)} full`],
    ['owner', `${row.owner}, group ${group}, mode ${row.mode}; creator ${creator}`],
    ['largest', `${bytesText(maxMessageBytes)} bytes in one message`],
    describeProcess(sender, time),
    describeProcess(receiver, time),
    ['changed', ago(changedAt, time)],
  ];
}

function showFacts(facts: readonly Fact[]): HTMLElement {
  return make(
    'dl',
    'facts',
    ...facts.flatMap(([label, text]) => [make('dt', '', label), make('dd', '', text)]),
  );
}

function showVerdict({ judgement }: QueueView): HTMLElement {
  const { verdict, proven, rule, reasons, next } = judgement;
  const how = `${proven ? 'proven' : 'judged'} by rule ${rule} of \`ipctools stale --explain\``;
  return make(
    'div',
    'verdict',
    make('p', '', make('b', `tag ${verdict}`, verdict), ` ${how}`),
    make('ul', '', ...reasons.map((reason) => make('li', '', reason))),
    ...(next === undefined ? [] : [make('p', 'next', `Next: ${next}`)]),
  );
}

function showWaiting({ waiting }: QueueView): HTMLElement {
  const sentences = waiting ?? ['Not every process can be inspected, so it is not known.'];
  const lines = sentences.length === 0 ? ['no thread'] : sentences;
  return make('ul', '', ...lines.map((line) => make('li', '', line)));
}

function messageRow({ type, bytes, text, cut }: ShownMessage): readonly string[] {
  return [type, bytesText(bytes), cut === true ? `${text}…` : text];
}

function showMessages(view: QueueView): HTMLElement[] {
  const { types, messages, seen, row, refusal } = view;
  if (refusal !== undefined) return [make('p', 'note', refusal)];
  if (seen === 0) return [make('p', 'note', 'It is empty.')];
  const part = seen < row.messages ? `Of the first ${countText(seen, 'message')}` : 'All messages';
  const counts = types.map((each) => [each.type, numberText(each.messages), bytesText(each.bytes)]);
  const first = messages.length < row.messages ? `The first ${messages.length}, not taken` : 'Not taken';
  return [
    make('h3', '', 'Types'),
    make('p', 'note', part),
    tableOf('types', ['Type', 'Messages', 'Bytes'], counts),
    make('h3', '', 'Messages'),
    make('p', 'note', first),
    tableOf('messages', ['Type', 'Bytes', 'Body'], messages.map(messageRow)),
  ];
}

/** A queue's own view, while it is open. */
export class OpenQueue {
  readonly id: number;
  readonly #place = make('div', 'chart');
  #chart: Chart | undefined;
  readonly #panel: Panel;
  readonly #asked: Asked<QueueView>;

  /** @param changes what the page may change; undefined: nothing */
  constructor(id: number, close: () => void, changes: ChangeDialog | undefined) {
    this.id = id;
    this.#panel = new Panel(close, this.#changeButtons(changes), [this.#place]);
    this.#panel.title.textContent = `queue ${id}`;
    this.#asked = new Asked(this.#panel, `queues/${id}`, REFRESH, (view) => this.#show(view));
  }

  refresh(changed: boolean): void {
    this.#asked.refresh(changed);
  }

  #changeButtons(changes: ChangeDialog | undefined): HTMLButtonElement[] {
    if (changes === undefined) return [];
    const { id } = this;
    const send = make('button', '', 'Send…');
    send.addEventListener('click', () => {
      changes.send(id);
    });
    const remove = make('button', '', 'Remove…');
    remove.addEventListener('click', () => {
      void changes.confirm('Remove this queue?', 'Remove', { verb: 'remove', id });
    });
    return [send, remove];
  }

  close(): void {
    this.#asked.close();
    this.#chart?.close();
  }

  async #show(view: QueueView): Promise<void> {
    // Only here: to load it takes longer than all else of the page.
    const { Chart } = await import('./chart.js');
    if (this.#asked.closed) return;
    this.#chart ??= new Chart(this.#place);
    this.#panel.title.textContent = nameText(view.row);
    this.#chart.show(view.hour);
    this.#panel.body.replaceChildren(
      showFacts(factsOf(view)),
      make('h3', '', 'Blocked threads'),
      showWaiting(view),
      make('h3', '', 'Verdict'),
      showVerdict(view),
      ...showMessages(view),
    );
  }
}
