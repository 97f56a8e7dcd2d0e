import type { Pid, Process } from './machine.js';

/** What the kernel keeps of a queue; processes as entries of its table, whose numbers depend on who asks. */
export interface Queue {
  readonly id: number;
  readonly key: number;
  mode: number;
  uid: number;
  readonly creatorUid: number;
  messages: number;
  lastSender: Pid | undefined;
  lastReceiver: Pid | undefined;
  sendTime: number;
  receiveTime: number;
  changeTime: number;
}

export interface Semaphore {
  value: number;
  pid: Pid | undefined;
  /** The user whose process, or whose end, gave it its value; CAP_IPC_OWNER makes any user root. Undefined: no process ever did. */
  changedBy: number | undefined;
}

export interface SemaphoreSet {
  readonly id: number;
  readonly key: number;
  mode: number;
  uid: number;
  readonly creatorUid: number;
  readonly semaphores: Semaphore[];
  operateTime: number;
  changeTime: number;
  /** What is reversed when a process ends. */
  readonly undo: Map<Process, number>;
  readonly waiters: Set<Process>;
  /** Those who wait until its first semaphore is at 0. */
  readonly watchers: Set<Process>;
}

export interface Segment {
  readonly id: number;
  readonly creator: Pid;
  last: Pid | undefined;
  readonly attached: Process[];
  attachTime: number;
  detachTime: number;
  readonly changeTime: number;
  readonly uid: number;
}
