import type { Facts } from '../../model/facts.js';
import { formatKey, type SegmentEntry } from '@timeq/mq-native';
import { slotsOf } from '../../model/slots.js';
import { column, type Column } from './column.js';
import * as kinds from './kinds.js';
import { furtherColumns, leadingColumns } from './shared.js';

function attachedTo(entry: SegmentEntry, facts: Facts): kinds.FoundProcesses {
  const { pids, complete } = facts.attachedTo(entry);
  return {
    found: pids.map((pid) => kinds.listed(facts.processes.find(pid, facts.now), facts.processes)),
    complete,
  };
}

/** The columns of `list segments`, in the order in which they are shown. */
export const SEGMENT_COLUMNS: readonly Column<SegmentEntry>[] = [
  ...leadingColumns<SegmentEntry>(),
  column({
    name: 'bytes',
    help: 'its size',
    kind: kinds.bytes,
    field: 'bytes',
    priority: 98,
    value: ({ bytes }) => bytes,
  }),
  column({
    name: 'attached',
    help: 'how many times it is attached to a process',
    kind: kinds.integer,
    field: 'attachments',
    priority: 97,
    value: ({ attachments }) => attachments,
  }),
  column({
    name: 'status',
    help: 'dest: goes with the last detach; locked: kept in memory',
    kind: kinds.flags,
    field: 'status',
    priority: 75,
    value: ({ dest, locked }) => [...(dest ? ['dest'] : []), ...(locked ? ['locked'] : [])],
  }),
  column({
    name: 'slots',
    help: 'direction and queue key of the timeq-bridge that keeps messages in it; orphaned: that queue is gone',
    kind: kinds.flags,
    field: 'slots',
    priority: 55,
    value: (segment, { queues }) => {
      const slots = slotsOf(segment, queues);
      if (slots === undefined) return [];
      return slots.queue === undefined ? ['orphaned'] : [slots.direction, formatKey(slots.queue.key)];
    },
  }),
  column({
    name: 'creator-process',
    help: 'the process that created it: pid and name, or dead',
    kind: kinds.process,
    field: 'creatorProcess',
    priority: 60,
    shrinksTo: 15,
    value: ({ creatorPid, changeTime }, { processes }) =>
      kinds.listed(processes.find(creatorPid, changeTime), processes),
  }),
  column({
    name: 'last-process',
    help: 'the process that attached or detached last',
    kind: kinds.process,
    field: 'lastProcess',
    priority: 70,
    shrinksTo: 12,
    value: ({ lastPid, attachTime, detachTime }, { processes }) =>
      kinds.listed(processes.find(lastPid, Math.max(attachTime, detachTime)), processes),
  }),
  column({
    name: 'processes',
    help: "the processes that have it attached; ?: and others that can't be inspected",
    kind: kinds.processes,
    field: 'attachedProcesses',
    priority: 65,
    shrinksTo: 12,
    value: attachedTo,
  }),
  column({
    name: 'idle',
    help: 'time since the last attach, detach or change',
    kind: kinds.duration,
    field: 'idleSeconds',
    priority: 95,
    value: ({ attachTime, detachTime, changeTime }, { now }) =>
      Math.max(0, now - Math.max(attachTime, detachTime, changeTime)),
  }),
  column({
    name: 'resident',
    help: 'bytes of it in memory',
    kind: kinds.bytes,
    field: 'residentBytes',
    priority: 0,
    value: ({ id }, { residency }) => residency.get(id)?.residentBytes,
  }),
  column({
    name: 'swapped',
    help: 'bytes of it in swap',
    kind: kinds.bytes,
    field: 'swappedBytes',
    priority: 0,
    value: ({ id }, { residency }) => residency.get(id)?.swappedBytes,
  }),
  column({
    name: 'attach-time',
    help: 'when it was last attached',
    kind: kinds.time,
    field: 'attachTime',
    priority: 0,
    value: ({ attachTime }) => attachTime,
  }),
  column({
    name: 'detach-time',
    help: 'when it was last detached',
    kind: kinds.time,
    field: 'detachTime',
    priority: 0,
    value: ({ detachTime }) => detachTime,
  }),
  ...furtherColumns<SegmentEntry>(),
];
