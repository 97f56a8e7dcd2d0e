import type { Overview, Usage, Warning } from '@timeq/console/wire';
import { find, make } from './dom.js';
import { numberText } from './words.js';

/** From here on a warning is one of many. */
const MOST_WARNINGS = 20;

/** The queues are in view; the lists of the others open. */
function nameOf(name: string): HTMLElement {
  if (name === 'queues') return make('b', '', name);
  const link = make('a', '', name === 'posix' ? 'POSIX' : name);
  link.href = `#${name}`;
  return link;
}

function showUsage({ name, count, limit, content }: Usage): HTMLLIElement {
  return make(
    'li',
    '',
    nameOf(name),
    make('span', 'number', numberText(count)),
    make('span', 'of', limit === undefined ? '' : `of ${numberText(limit)}`),
    make('span', 'content', content),
    ...(limit === undefined ? [] : [barOf(limit === 0 ? 0 : (count / limit) * 100)]),
  );
}

function barOf(share: number): HTMLElement {
  const bar = make('i', 'bar');
  bar.style.setProperty('--share', `${Math.min(100, share)}%`);
  if (share > 80) bar.dataset['level'] = share >= 95 ? 'high' : 'near';
  return bar;
}

function showWarning({ code, sentence, queueId }: Warning): HTMLLIElement {
  if (queueId === undefined) return make('li', code, sentence);
  const link = make('a', '', sentence);
  link.href = `#queue/${queueId}`;
  return make('li', code, link);
}

/** Shows usage, and what needs attention. */
export function showOverview({ usage, warnings, blockedKnown, stale = 0, servers = 0 }: Overview): void {
  const focused = document.activeElement?.getAttribute('href');
  const cards = usage.map(showUsage);
  const staleCard = make(
    'li',
    stale > 0 ? 'has-stale' : '',
    make('b', '', 'stale'),
    make('span', 'number', numberText(stale)),
    make('span', 'of', ''),
    make('span', 'content', stale > 0 ? 'see ipctools clean' : 'nothing left behind'),
  );
  const serversLink = make('a', '', 'time servers');
  serversLink.href = '#servers';
  const serversCard = make(
    'li',
    '',
    make('b', '', serversLink),
    make('span', 'number', numberText(servers)),
    make('span', 'of', ''),
    make('span', 'content', 'alive'),
  );
  find('usage').replaceChildren(...cards, staleCard, serversCard);
  const more = warnings.length - MOST_WARNINGS;
  find('warnings').replaceChildren(
    ...warnings.slice(0, MOST_WARNINGS).map(showWarning),
    ...(more > 0 ? [make('li', '', `and ${more} more`)] : []),
    ...(warnings.length === 0
      ? [make('li', 'fine', 'No limit is near, no queue is full, no sender is blocked.')]
      : []),
    ...(blockedKnown
      ? []
      : [make('li', 'note', 'Some processes can’t be inspected: blocked senders may be missing.')]),
  );
  // The new link takes the focus of the old one.
  if (focused?.startsWith('#') === true)
    find('overview').querySelector<HTMLElement>(`a[href="${focused}"]`)?.focus();
}
