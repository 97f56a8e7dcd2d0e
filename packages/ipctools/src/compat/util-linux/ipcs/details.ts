import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { ctime, errorText, SHM_DEST, SHM_LOCKED } from '@timeq/mq-native/libc';
import { humanSize, type Unit } from './sizes.js';
import { codeOf } from '../../../failure.js';
import type { Output } from '../output.js';
import { Failure } from '../program.js';
import type { KindName } from '../../../model/kind-names.js';

/** `ipcs -q -i ID` and its like: everything about one object. Returns the exit code. */
export function showDetails(kind: KindName, id: number, unit: Unit, output: Output): number {
  return DETAILS[kind](id, unit, output);
}

const DETAILS: Readonly<Record<KindName, (id: number, unit: Unit, output: Output) => number>> = {
  queues: showQueue,
  segments: showSegment,
  semaphores: showSet,
};

/** Wide enough for ctime(3), and two more. */
const TIME_WIDTH = 26;

function showQueue(id: number, unit: Unit, output: Output): number {
  const queue = find(MessageQueue.entries(), id);
  const { uid, gid, creatorUid, creatorGid, mode, bytes, maxBytes, messages } = queue;
  const sizes =
    unit === 'human'
      ? `csize=${humanSize(bytes)}\tqsize=${maxBytes === undefined ? '?' : humanSize(maxBytes)}`
      : `cbytes=${bytes}\tqbytes=${maxBytes ?? '?'}`;
  output.write(
    `\nMessage Queue msqid=${id}\n` +
      `uid=${uid}\tgid=${gid}\tcuid=${creatorUid}\tcgid=${creatorGid}\tmode=${octal(mode)}\n` +
      `${sizes}\tqnum=${messages}\tlspid=${queue.lastSendPid}\tlrpid=${queue.lastReceivePid}\n` +
      timeLine('send_time=', queue.sendTime) +
      timeLine('rcv_time=', queue.receiveTime) +
      timeLine('change_time=', queue.changeTime) +
      '\n',
  );
  if (maxBytes !== undefined) return 0;
  output.warn(`not permitted to read the limit of queue ${id} (qbytes); its owner and root are`);
  return 1;
}

function showSegment(id: number, unit: Unit, output: Output): number {
  const segment = find(SharedMemory.list(), id);
  const { uid, gid, creatorUid, creatorGid, mode, bytes, dest, locked } = segment;
  output.write(
    `\nShared memory Segment shmid=${id}\n` +
      `uid=${uid}\tgid=${gid}\tcuid=${creatorUid}\tcgid=${creatorGid}\n` +
      `mode=${octal(mode | (dest ? SHM_DEST : 0) | (locked ? SHM_LOCKED : 0))}\taccess_perms=${octal(mode)}\n` +
      (unit === 'human' ? `size=${humanSize(bytes)}` : `bytes=${bytes}`) +
      `\tlpid=${segment.lastPid}\tcpid=${segment.creatorPid}\tnattch=${segment.attachments}\n` +
      timeLine('att_time=', segment.attachTime) +
      timeLine('det_time=', segment.detachTime) +
      timeLine('change_time=', segment.changeTime) +
      '\n',
  );
  return 0;
}

function showSet(id: number, _unit: Unit, output: Output): number {
  const entry = find(SemaphoreSet.list(), id);
  const { uid, gid, creatorUid, creatorGid, mode, count } = entry;
  const rows = readSemaphores(id, count);
  output.write(
    `\nSemaphore Array semid=${id}\n` +
      `uid=${uid}\t gid=${gid}\t cuid=${creatorUid}\t cgid=${creatorGid}\n` +
      `mode=${octal(mode)}, access_perms=${octal(mode)}\n` +
      `nsems = ${count}\n` +
      timeLine('otime = ', entry.operateTime) +
      timeLine('ctime = ', entry.changeTime) +
      `${columns(['semnum', 'value', 'ncount', 'zcount', 'pid'])}\n`,
  );
  for (const row of rows) output.write(`${columns(row)}\n`);
  output.write('\n');
  return 0;
}

/** Number, value, waiters for an increase, waiters for zero and last pid of each semaphore. */
export function readSemaphores(id: number, count: number): number[][] {
  try {
    const set = SemaphoreSet.fromId(id);
    return Array.from({ length: count }, (_, number) => [
      number,
      set.value(number),
      set.waitingForIncrease(number),
      set.waitingForZero(number),
      set.lastPid(number),
    ]);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new Failure(`semctl(GETVAL) failed: ${errorText(code)}`, { cause: error });
  }
}

function find<Entry extends { readonly id: number }>(entries: Iterable<Entry>, id: number): Entry {
  for (const entry of entries) if (entry.id === id) return entry;
  throw new Failure(`id ${id} not found`);
}

function columns(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padEnd(10)).join(' ');
}

function timeLine(label: string, time: number): string {
  return `${label}${(time === 0 ? 'Not set' : ctime(time)).padEnd(TIME_WIDTH)}\n`;
}

/** As C's `%#o`: octal with a leading zero, but a single one for 0. */
function octal(mode: number): string {
  return mode === 0 ? '0' : `0${mode.toString(8)}`;
}
