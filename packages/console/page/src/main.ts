import type { Hello } from '@timeq/console/wire';
import { ChangeDialog } from './changes.js';
import { Connection, type State } from './connection.js';
import { find, setText } from './dom.js';
import { listenToKeys } from './keys.js';
import { OpenObjects } from './objects-view.js';
import { showOverview } from './overview.js';
import { OpenQueue } from './queue-view.js';
import { OpenServers } from './servers-view.js';
import { Store } from './store.js';
import { Table } from './table.js';

const STATES: Readonly<Record<State, string>> = {
  wait: 'connecting',
  live: 'live',
  again: 'connection lost, connecting again',
  asleep: 'paused while out of sight',
  refused: 'refused: open the address that `ipctools serve` printed last',
};

const store = new Store();
const filter = find('filter') as HTMLInputElement;
const help = find('help') as HTMLDialogElement;
let open: OpenQueue | undefined;
let objects: OpenObjects | OpenServers | undefined;
let opened = '/';
let changes: ChangeDialog | undefined;

const table = new Table(store, (id) => {
  location.hash = `queue/${id}`;
});

/** What is open is in the address, so that the browser's Back closes it. */
function follow(): void {
  const [, name = '', id = ''] =
    /^#(queue|segments|semaphores|posix|servers)(?:\/(\d{1,10}))?$/.exec(location.hash) ?? [];
  if (opened === `${name}/${id}`) return;
  opened = `${name}/${id}`;
  open?.close();
  objects?.close();
  open = name === 'queue' && id !== '' ? new OpenQueue(Number(id), close, changes) : undefined;
  objects = openOther(name);
  const isOpen = open !== undefined || objects !== undefined;
  document.body.classList.toggle('opened', isOpen);
  table.choose(open?.id);
  if (!isOpen) table.focus();
}

function openOther(name: string): OpenObjects | OpenServers | undefined {
  if (name === 'servers') return new OpenServers(close);
  return name === 'segments' || name === 'semaphores' || name === 'posix'
    ? new OpenObjects(name, close)
    : undefined;
}

function close(): void {
  history.pushState(null, '', location.pathname);
  follow();
}

function greet({ host, user, version, allowsChanges }: Hello): void {
  const before = changes;
  changes = allowsChanges ? (before ?? new ChangeDialog()) : undefined;
  find('restore').hidden = !allowsChanges;
  // The view of a queue that is open offers what is allowed now.
  if (changes !== before && open !== undefined) {
    open.close();
    open = new OpenQueue(open.id, close, changes);
  }
  setText(find('place'), `${user}@${host}`);
  find('place').title = `ipctools ${version}`;
  document.title = `${host}: ipctools`;
}

function showState(state: State): void {
  const line = find('connection');
  line.dataset['state'] = state;
  setText(line, STATES[state]);
}

const changed = new Set<number>();
let scheduled = false;

/** Once for all parts of a sample. */
function render(): void {
  scheduled = false;
  table.render();
  open?.refresh(changed.has(open.id));
  objects?.refresh();
  changed.clear();
}

window.addEventListener('hashchange', follow);
window.addEventListener('popstate', follow);
filter.addEventListener('input', () => {
  table.filter(filter.value);
});
filter.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' || event.key === 'ArrowDown') table.focus();
});
find('help-button').addEventListener('click', () => {
  help.showModal();
});
find('restore').addEventListener('click', () => {
  void changes?.restore();
});
listenToKeys({
  filter: () => {
    filter.focus();
    filter.select();
  },
  help: () => {
    help.showModal();
  },
  escape: () => {
    if (open !== undefined || objects !== undefined) close();
    else if (filter.value !== '') table.filter((filter.value = ''));
    else table.focus();
  },
});
const connection = new Connection({
  hello: greet,
  state: showState,
  change: (change) => {
    store.apply(change);
    if (change.overview !== undefined) showOverview(change.overview);
    for (const { id } of change.queues) changed.add(id);
    for (const id of change.gone) changed.add(id);
    if (scheduled || change.more === true) return;
    scheduled = true;
    // Not before the next frame's layout, which would make one long task of both.
    setTimeout(render);
  },
});
connection.start();
follow();
document.body.classList.add('ready');
if (!document.body.classList.contains('opened')) table.focus();
