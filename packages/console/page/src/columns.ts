import type { Row } from '@timeq/console/wire';
import { bytesText, fullText, numberText, rateText, spanText, waitingText } from './words.js';

export interface Column {
  readonly name: string;
  readonly label: string;
  readonly title: string;
  /** What it is sorted and filtered by. */
  value(row: Row, now: number): number | string | undefined;
  readonly text: (this: void, row: Row, now: number) => string;
  readonly right?: true;
}

function idle({ usedAt }: Row, now: number): number {
  return Math.max(0, now / 1000 - usedAt);
}

/** In the order of the table. */
export const COLUMNS: readonly Column[] = [
  {
    name: 'key',
    label: 'Key',
    title: 'The key, or private',
    value: ({ key }) => key,
    text: ({ key }) => (key === '' ? 'private' : key),
  },
  {
    name: 'id',
    label: 'Id',
    title: 'The id',
    right: true,
    value: ({ id }) => id,
    text: ({ id }) => String(id),
  },
  {
    name: 'owner',
    label: 'Owner',
    title: 'The user who owns it',
    value: ({ owner }) => owner,
    text: ({ owner }) => owner,
  },
  {
    name: 'messages',
    label: 'Messages',
    title: 'How many messages are in it',
    right: true,
    value: ({ messages }) => messages,
    text: ({ messages }) => numberText(messages),
  },
  {
    name: 'bytes',
    label: 'Bytes',
    title: 'The bytes of their bodies',
    right: true,
    value: ({ bytes }) => bytes,
    text: ({ bytes }) => bytesText(bytes),
  },
  {
    name: 'full',
    label: 'Full',
    title: 'Bytes or messages of its limit, whichever is more',
    value: ({ full }) => full,
    text: ({ full }) => fullText(full),
  },
  {
    name: 'in',
    label: 'In/s',
    title: 'Messages a second that came in; + is a lower bound',
    right: true,
    value: ({ in: rate }) => rate?.[0],
    text: ({ in: rate }) => rateText(rate),
  },
  {
    name: 'out',
    label: 'Out/s',
    title: 'Messages a second that were taken; + is a lower bound',
    right: true,
    value: ({ out: rate }) => rate?.[0],
    text: ({ out: rate }) => rateText(rate),
  },
  {
    name: 'waiting',
    label: 'Waiting',
    title: 'Blocked senders (S) and receivers (R)',
    value: ({ senders, receivers }) => (senders === undefined ? undefined : senders + (receivers ?? 0)),
    text: waitingText,
  },
  {
    name: 'history',
    label: '3 min',
    title: 'Its depth in the last three minutes; sorts by depth',
    value: ({ messages }) => messages,
    text: () => '',
  },
  {
    name: 'idle',
    label: 'Idle',
    title: 'Since its last use',
    right: true,
    value: idle,
    text: (row, now) => spanText(idle(row, now)),
  },
  {
    name: 'verdict',
    label: 'Verdict',
    title: 'live, idle, stale or unknown, as `ipctools stale` judges',
    value: ({ verdict }) => verdict,
    text: ({ verdict }) => verdict ?? '',
  },
];

export function columnNamed(name: string): Column | undefined {
  return COLUMNS.find((column) => column.name === name);
}
