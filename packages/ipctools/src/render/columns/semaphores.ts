import type { SemaphoreEntry } from '@timeq/mq-native';
import { column, type Column } from './column.js';
import * as kinds from './kinds.js';
import { furtherColumns, leadingColumns } from './shared.js';

/** The columns of `list semaphores`, in the order in which they are shown. */
export const SEMAPHORE_COLUMNS: readonly Column<SemaphoreEntry>[] = [
  ...leadingColumns<SemaphoreEntry>(),
  column({
    name: 'count',
    help: 'semaphores in the set',
    kind: kinds.integer,
    field: 'count',
    priority: 98,
    value: ({ count }) => count,
  }),
  column({
    name: 'values',
    help: 'the values of its semaphores, in their order',
    kind: kinds.values,
    field: 'values',
    priority: 97,
    shrinksTo: 10,
    value: (entry, facts) => facts.semaphoresOf(entry)?.values,
  }),
  column({
    name: 'waiting',
    help: 'threads that wait for its semaphores',
    kind: kinds.integer,
    field: 'waiting',
    priority: 96,
    value: (entry, facts) => facts.semaphoresOf(entry)?.waiting,
  }),
  column({
    name: 'idle',
    help: 'time since the last operation or change',
    kind: kinds.duration,
    field: 'idleSeconds',
    priority: 95,
    value: ({ operateTime, changeTime }, { now }) => Math.max(0, now - Math.max(operateTime, changeTime)),
  }),
  column({
    name: 'operated',
    help: 'when a process last operated on it',
    kind: kinds.time,
    field: 'operateTime',
    priority: 70,
    value: ({ operateTime }) => operateTime,
  }),
  ...furtherColumns<SemaphoreEntry>(),
];
