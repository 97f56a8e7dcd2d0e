import { jsonText } from '@timeq/cli-kit/text/escape';
import type { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';
import { formatMode } from '@timeq/mq-native';
import { formatCount } from '../../format/count.js';
import type { Facts } from '../../model/facts.js';
import { reportLive } from '../../model/reported-process.js';
import { namePosix, type PosixObject } from '../../model/posix/objects.js';
import { UNKNOWN } from '../../render/columns/column.js';
import { percent } from '../../render/columns/kinds.js';
import { POSIX_COLUMNS } from '../../render/columns/posix.js';
import { jsonEntry } from '../../render/columns/write.js';
import {
  describeTime,
  labelled,
  MAY_BE_MORE,
  nameProcess,
  processJson,
  writeLines,
  type LabelledLine,
} from './facts-of-object.js';

function describeQueue(object: PosixObject, facts: Facts): LabelledLine[] {
  const contents = facts.posix.queueOf(object);
  const last: LabelledLine = [
    'last',
    `${describeTime(object.modifyTime, facts)}: a send or a receive, or made`,
  ];
  if (contents === undefined) return [['messages', `${UNKNOWN} (this user may not open it)`], last];
  const { messages, maxMessages, maxMessageBytes, bytes = UNKNOWN, notifies } = contents;
  const full = percent.text((messages / maxMessages) * 100);
  const notified =
    notifies === undefined
      ? UNKNOWN
      : notifies === 0
        ? 'no process'
        : nameProcess(reportLive(notifies, facts.processes));
  return [
    ['messages', `${messages} of ${maxMessages} (${full} full); they can't be looked at without taking them`],
    ['bytes', String(bytes)],
    ['largest', `${maxMessageBytes} bytes in one message`],
    last,
    ['notifies', notified],
  ];
}

function describeSemaphore(object: PosixObject, { posix }: Facts): LabelledLine[] {
  const contents = posix.semaphoreOf(object);
  return contents === undefined
    ? [['value', `${UNKNOWN} (only its owner and root read it unnoticed, and only those of 64-bit glibc)`]]
    : [
        ['value', String(contents.value)],
        ['waiting', formatCount(contents.waiting, 'thread')],
      ];
}

function describe(object: PosixObject, facts: Facts): LabelledLine[] {
  const { owners, posix, processes } = facts;
  const { kind, uid, gid, mode, size, allocated, links } = object;
  const users = posix.users.of(object).map((pid) => nameProcess(reportLive(pid, processes)));
  const ofKind: Readonly<Record<PosixObject['kind'], () => LabelledLine[]>> = {
    'posix queue': () => describeQueue(object, facts),
    'posix semaphore': () => describeSemaphore(object, facts),
    'posix memory': () => [['bytes', `${size} (${allocated} in memory)`]],
  };
  return [
    ['owner', `${owners.user(uid)}, group ${owners.group(gid)}, mode ${formatMode(mode)}`],
    ...ofKind[kind](),
    ...(kind === 'posix queue'
      ? []
      : ([['used', `${describeTime(object.useTime, facts)}, as far as it was recorded`]] as const)),
    ...(links > 1 ? ([['names', `${links}: its file has other names`]] as const) : []),
    ...labelled('by', [...users, ...(posix.users.complete ? [] : [MAY_BE_MORE])], 'no process'),
  ];
}

export async function showPosix(
  object: PosixObject,
  json: boolean,
  facts: Facts,
  output: Output,
): Promise<void> {
  if (json) {
    const processes = facts.posix.users
      .of(object)
      .map((pid) => processJson(reportLive(pid, facts.processes)));
    const fields = { ...jsonEntry(object, POSIX_COLUMNS, facts), processes };
    await output.write(`${jsonText({ posix: fields }, 2)}\n`);
  } else await writeLines(namePosix(object), describe(object, facts), screenOf(), output);
}
