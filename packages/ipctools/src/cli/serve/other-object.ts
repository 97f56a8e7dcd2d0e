import { escapeText } from '@timeq/cli-kit/text/escape';
import type { OtherObject } from '@timeq/console/wire';
import { formatMode } from '@timeq/mq-native';
import type { Judgement } from '../../evidence/judgement.js';
import { formatCount } from '../../format/count.js';
import type { Facts } from '../../model/facts.js';
import type { IpcObject } from '../../model/ipc-object.js';
import { formatSize } from '../../render/bytes.js';
import { keyText } from './row.js';

function describeContent({ kind, entry }: IpcObject): string {
  if (kind === 'semaphore set') return formatCount(entry.count, 'semaphore');
  if (kind === 'queue') return formatCount(entry.messages, 'message');
  return `${formatSize(entry.bytes)}, attached ${formatCount(entry.attachments, 'time')}`;
}

/** A segment or a semaphore set as the page shows it. */
export function showObject({ evidence, verdict, reasons }: Judgement, { owners }: Facts): OtherObject {
  const { entry } = evidence.object;
  return {
    id: entry.id,
    key: keyText(entry.key),
    owner: escapeText(owners.user(entry.uid)),
    mode: formatMode(entry.mode),
    content: describeContent(evidence.object),
    verdict,
    reasons: reasons.map(escapeText).join('; '),
  };
}
