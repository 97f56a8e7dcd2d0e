import { formatKey, formatMode } from '@timeq/mq-native';
import type { JsonObject } from '../format/json.js';
import { formatIso } from '../format/time.js';
import { messageToJson } from '../messages/json-line.js';
import type { Owners } from '../model/owners.js';
import { version } from '../version.js';
import type { QueueCopy } from './queue-copy.js';

// docs/backup-format.md defines the format of backup files.

export const FORMAT = 'timeq-backup';
/** A reader refuses a file of a higher version, and ignores unknown fields in one of its own. */
export const VERSION = 1;
/** The checksum in the last line covers all bytes before that line. */
export const CHECKSUM = 'sha256';

/** The first line. */
export function headerLine(created: Date): JsonObject {
  return { format: FORMAT, version: VERSION, created: created.toISOString(), by: `ipctools ${version()}` };
}

function timeFields(name: string, seconds: number): JsonObject {
  return {
    [name]: seconds === 0 ? null : formatIso(seconds),
    [`${name}Epoch`]: seconds === 0 ? null : seconds,
  };
}

/** The line before a queue's messages. */
function queueLine({ entry }: QueueCopy, owners: Owners): JsonObject {
  return {
    queue: {
      key: entry.key,
      keyHex: formatKey(entry.key),
      id: entry.id,
      mode: entry.mode,
      modeOctal: formatMode(entry.mode),
      owner: owners.user(entry.uid),
      ownerUid: entry.uid,
      group: owners.group(entry.gid),
      groupGid: entry.gid,
      creatorUid: entry.creatorUid,
      creatorGroupGid: entry.creatorGid,
      maxBytes: entry.maxBytes ?? null,
      messages: entry.messages,
      bytes: entry.bytes,
      ...timeFields('sendTime', entry.sendTime),
      ...timeFields('receiveTime', entry.receiveTime),
      ...timeFields('changeTime', entry.changeTime),
      lastSendPid: entry.lastSendPid,
      lastReceivePid: entry.lastReceivePid,
    },
  };
}

/** A queue and its messages, a line each. */
export function* sectionLines(copy: QueueCopy, owners: Owners): Generator<JsonObject> {
  yield queueLine(copy, owners);
  for (const message of copy.messages) yield messageToJson(message);
}

/** The last line. */
export function checksumLine(queues: number, messages: number, checksum: string): string {
  return `${JSON.stringify({ queues, messages, [CHECKSUM]: checksum })}\n`;
}
