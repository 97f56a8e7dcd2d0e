import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { formatMode } from '@timeq/mq-native';
import {
  parseNanoseconds,
  type ClockSync,
  type ReportedStatus,
  type ServerStatus,
} from '@timeq/time-protocol';
import type { ClassicStatus, StatusAnswer } from '../../client/answers.js';
import { isoText } from '../../format/iso.js';
import { uptimeText } from '../../format/span.js';
import { localZone } from '../../format/zone.js';
import type { Terminal } from '../terminal.js';
import { spanText } from './span-unit.js';

/** A status for scripts, with the server's own field names. */
export function statusJson(place: object, answer: StatusAnswer): string {
  const head = { ...place, dialect: answer.dialect, roundTripNs: Number(answer.roundTripNs) };
  return jsonText(
    answer.dialect === 'addressed'
      ? {
          ...head,
          ...answer.status,
          ...(answer.clock && { clock: answer.clock.name }),
          ...(answer.sync && { sync: answer.sync }),
        }
      : { ...head, style: answer.style, queue: answer.queue },
  );
}

/** A status for people: a label and a value in each line. */
export function statusLines(answer: StatusAnswer, { unicode }: Terminal): string[] {
  const rows = answer.dialect === 'addressed' ? addressedRows(answer.status) : classicRows(answer);
  if (answer.dialect === 'addressed' && answer.clock !== undefined) {
    rows.push(['clock', `${answer.clock.name}, not the machine's`]);
  }
  if (answer.dialect === 'addressed' && answer.sync !== undefined) {
    rows.push(['machine', syncText(answer.sync, unicode)]);
  }
  rows.push(['round trip', `${(Number(answer.roundTripNs) / 1e6).toFixed(3)} ms`]);
  return rows.map(([label, value]) => `  ${label.padEnd(12)}${escapeText(value)}`);
}

/** Where classic requests are answered. */
const REPLY_PLACES: Readonly<Record<ServerStatus['reply'], string>> = {
  auto: 'wherever each client waits,',
  shared: 'type 3',
  pid: 'the pid in the body',
  'pid+3': 'pid + 3',
};

const CLASSIC_PLACES = {
  pid: 'the number that it is sent',
  'pid+3': 'the number that it is sent plus 3',
} as const;

type Row = [label: string, value: string];

/** A server of another version may leave fields out; then their row is left out too. */
function addressedRows(status: ReportedStatus): Row[] {
  const { pid, version, uptimeNs, startedAt, served, lost, alarms, waiting, reply, onStop, queue } = status;
  const rows: Row[] = [['server', `pid ${pid ?? '?'}, version ${version ?? '?'}`]];
  const uptime = parseNanoseconds(uptimeNs);
  const started = parseNanoseconds(startedAt);
  if (uptime !== undefined) {
    const since = started === undefined ? '' : `, since ${isoText(started, localZone())}`;
    rows.push(['uptime', uptimeText(uptime) + since]);
  }
  if (served !== undefined) {
    const { classic, addressed, status: asked, refused } = served;
    const all = classic + addressed + asked + refused;
    rows.push([
      'requests',
      `${all} (${classic} classic, ${addressed} addressed, ${asked} status, ${refused} refused)`,
    ]);
  }
  if (lost !== undefined) {
    rows.push([
      'lost',
      `${counted(lost.unread, 'reply', 'replies')} never read, ${lost.unsent} without room in time`,
    ]);
  }
  if (alarms !== undefined) {
    const { pending, rung, late, dropped } = alarms;
    rows.push(['alarms', `${pending} pending, ${rung} rung, ${late} of them late, ${dropped} dropped`]);
  }
  if (queue !== undefined && queue !== null) {
    const { id, mode, messages, bytes, maxBytes } = queue;
    rows.push(['queue', `id ${id}, mode ${mode}, ${depth(messages, bytes, maxBytes)}`]);
  }
  if (waiting !== undefined)
    rows.push(['waiting', `${counted(waiting, 'reply', 'replies')} for room in the queue`]);
  if (reply !== undefined) {
    rows.push(['replies', `${REPLY_PLACES[reply]} for classic requests`]);
  }
  if (onStop !== undefined) {
    rows.push(['stop', onStop === 'exit' ? 'a stop message ends it' : 'stop messages are ignored']);
  }
  return rows;
}

function classicRows({ style, queue }: ClassicStatus): Row[] {
  return [
    [
      'server',
      `a classic one: it answers at ${style === 'shared' ? 'type 3' : CLASSIC_PLACES[style]} and says nothing of itself`,
    ],
    [
      'queue',
      `id ${queue.id}, mode ${formatMode(queue.mode)}, ${depth(queue.messages, queue.bytes, queue.maxBytes)}`,
    ],
    ['owner', `uid ${queue.uid}, created by uid ${queue.creatorUid}`],
    ['last used', `sent to by pid ${queue.lastSendPid}, received from by pid ${queue.lastReceivePid}`],
  ];
}

/** The error is the one that the clock surely keeps to; the estimate is smaller. */
function syncText(sync: ClockSync, unicode: boolean): string {
  const { synchronised, unreadable, maxErrorNs, estimatedErrorNs, leapSecond, taiOffset } = sync;
  if (synchronised === null) {
    const why = unreadable === undefined ? '' : ` (${unreadable})`;
    return `the server cannot read how right its clock is${why}, as in a container`;
  }
  const span = (ns: number): string => `${unicode ? '±' : '+/-'}${spanText(ns, unicode)}`;
  const parts = [`its clock is ${synchronised ? '' : 'not '}synchronised`];
  if (maxErrorNs !== undefined) parts.push(span(maxErrorNs));
  if (estimatedErrorNs !== undefined) parts.push(`probably ${span(estimatedErrorNs)}`);
  if (taiOffset !== undefined) parts.push(`${taiOffset} s behind TAI`);
  if (leapSecond !== undefined)
    parts.push(`with a leap second to ${leapSecond} at the end of the day in UTC`);
  return parts.join(', ');
}

function depth(messages: number, bytes: number, maxBytes: number): string {
  return `${counted(messages, 'message', 'messages')}, ${bytes} of ${maxBytes} bytes`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
