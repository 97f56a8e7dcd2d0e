import { formatKey } from '@timeq/mq-native';
import { waiting } from './columns/kinds.js';
import type { JsonObject } from '../format/json.js';
import { formatIso } from '../format/time.js';
import type { Evidence, SemaphoreEvidence } from '../evidence/evidence.js';
import type { Judgement } from '../evidence/judgement.js';

function semaphoreJson(semaphore: SemaphoreEvidence): JsonObject {
  if (semaphore.state !== 'lowered') return { ...semaphore };
  const { state, pid, time, usedSince } = semaphore;
  return { state, pid, time: formatIso(time), timeEpoch: time, usedSince };
}

function evidenceJson(evidence: Evidence): JsonObject {
  const { object, blocked, processes } = evidence;
  return {
    readable: evidence.readable,
    semaphore: semaphoreJson(evidence.semaphore),
    ...(object.kind === 'queue' && {
      ...(JSON.parse(`{${waiting.json('waiting', blocked)}}`) as JsonObject),
      unseenProcesses: evidence.unseen.length,
      messages: evidence.messages,
    }),
    ...(object.kind === 'segment' && { attachments: evidence.attachments }),
    ...(object.kind === 'semaphore set' && { waiters: evidence.waiters }),
    processes: processes.map(({ role, pid, state, name, time }) => ({
      role,
      pid,
      state,
      name: name ?? null,
      time: time === 0 ? null : formatIso(time),
      timeEpoch: time === 0 ? null : time,
    })),
    idleSeconds: evidence.idleSeconds,
    ownerProcesses: evidence.ownerProcesses ?? null,
  };
}

/** A judgement with every piece of evidence as a field. */
export function judgementJson(judgement: Judgement): JsonObject {
  const { evidence, verdict, proven, rule, reasons, next } = judgement;
  const { kind, entry } = evidence.object;
  const { id, key, uid, gid } = entry;
  return {
    kind,
    id,
    key,
    keyHex: formatKey(key),
    ownerUid: uid,
    groupGid: gid,
    verdict,
    proven,
    rule,
    reasons,
    next: next ?? null,
    evidence: evidenceJson(evidence),
  };
}
