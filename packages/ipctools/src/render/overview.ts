import { formatCount } from '../format/count.js';
import type { KindOverview } from '../model/overview.js';
import { formatSize } from './bytes.js';

/** What all objects of a kind hold: `3 messages, 27 bytes`. */
export function describeContent({ name, content }: KindOverview): string {
  const held = formatSize(content['bytes'] ?? 0);
  if (name === 'queues') return `${formatCount(content['messages'] ?? 0, 'message')}, ${held}`;
  const slots = content['slots'] ?? 0;
  if (name === 'segments') return slots === 0 ? held : `${held}, ${slots} with slots of timeq-bridge`;
  return formatCount(content['semaphores'] ?? 0, 'semaphore');
}
