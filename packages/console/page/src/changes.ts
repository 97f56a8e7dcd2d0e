import type { Backups, Command, Outcome, Plan } from '@timeq/console/wire';
import { find, make } from './dom.js';
import { bytesText, timeText } from './words.js';

async function post<Answer>(path: string, fields: object): Promise<Answer> {
  const response = await fetch(`changes/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  });
  if (!response.ok) throw new Error((await response.text()).trim());
  return (await response.json()) as Answer;
}

function button(label: string, action: () => void, className = ''): HTMLButtonElement {
  const element = make('button', className, label);
  element.type = 'button';
  element.addEventListener('click', action);
  return element;
}

function listOf(lines: readonly string[], className = 'plan'): HTMLElement {
  return make('ul', className, ...lines.map((line) => make('li', '', line)));
}

/** The dialog in which a change is prepared, shown, and confirmed. */
export class ChangeDialog {
  readonly #dialog = find('change') as HTMLDialogElement;

  /** Shows exactly what a command would do, and does it if it is confirmed. */
  async confirm(title: string, label: string, command: Command): Promise<void> {
    await this.#guarded(title, async () => {
      const { lines, refusals, mark } = await post<Plan>('plan', command);
      if (refusals.length > 0) {
        this.#show(title, [listOf(lines), listOf(refusals, 'refusals')]);
        return;
      }
      const act = button(label, () => void this.#carryOut(title, command, mark), 'act');
      this.#show(title, [listOf(lines)], act);
    });
  }

  /** Asks for a message, then for a confirmation. */
  send(id: number): void {
    const title = 'Send a message';
    const type = make('input');
    type.value = '1';
    type.inputMode = 'numeric';
    const body = make('textarea');
    body.rows = 5;
    const next = button('Next', () => {
      void this.confirm(title, 'Send', { verb: 'send', id, type: type.value, body: body.value });
    });
    this.#show(title, [make('label', '', 'Type', type), make('label', '', 'Body', body)], next);
    body.focus();
  }

  /** Asks for a backup, then for a confirmation. */
  async restore(): Promise<void> {
    const title = 'Restore a backup';
    await this.#guarded(title, async () => {
      const { backups, refusals } = await post<Backups>('backups', {});
      const rows = backups.map(({ name, time, bytes }) =>
        button(`${timeText(time)}, ${bytesText(bytes)} bytes: ${name}`, () => {
          void this.confirm(title, 'Restore', { verb: 'restore', backup: name });
        }),
      );
      const none = make('p', 'note', 'There is no backup of remove or clean.');
      if (refusals.length > 0) this.#show(title, [listOf(refusals, 'refusals')]);
      else this.#show(title, rows.length > 0 ? rows : [none]);
    });
  }

  async #carryOut(title: string, command: Command, mark: string): Promise<void> {
    await this.#guarded(title, async () => {
      const { done, lines } = await post<Outcome>('do', { ...command, mark });
      this.#show(done ? 'Done' : title, [listOf(lines, done ? 'plan' : 'refusals')]);
    });
  }

  async #guarded(title: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      this.#show(title, [listOf([sentence], 'refusals')]);
    }
  }

  #show(title: string, content: readonly HTMLElement[], act?: HTMLButtonElement): void {
    const heading = make('h2', '', title);
    heading.id = 'change-title';
    const cancel = button(act === undefined ? 'Close' : 'Cancel', () => {
      this.#dialog.close();
    });
    const buttons = make('div', 'buttons', cancel, ...(act === undefined ? [] : [act]));
    this.#dialog.replaceChildren(heading, ...content, buttons);
    if (!this.#dialog.open) this.#dialog.showModal();
    // Enter alone confirms nothing.
    cancel.focus();
  }
}
