import { readSubject } from '@timeq/cli-kit/args/subject';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { connectionSettings } from '@timeq/nats';
import type { NatsPlace, RawOptions } from '../settings.js';

/** What says nothing over NATS, and how it is typed. */
const QUEUE_OPTIONS = { key: 'key', path: 'path', projectId: 'project-id', ask: 'ask', classic: 'classic' };

/** Reads where servers are over NATS. @throws UsageError, NatsError */
export function readNats(raw: RawOptions): NatsPlace {
  const ofQueue = Object.entries(QUEUE_OPTIONS).find(([name]) => raw[name] !== undefined);
  if (ofQueue !== undefined)
    throw new UsageError(`--${ofQueue[1]} is for a queue: give it or --nats, not both`);
  const { subject = 'timeq' } = raw;
  return { subject: readSubject(String(subject)), connection: connectionSettings(raw) };
}
