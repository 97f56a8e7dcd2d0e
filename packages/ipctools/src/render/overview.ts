import { formatCount } from '../format/count.js';
import type { KindOverview } from '../model/overview.js';
import { formatSize } from './bytes.js';

/** What all objects of a kind hold: `3 messages, 27 bytes`. */
export function describeContent({ name, content }: KindOverview): string {
  const held = formatSize(content['bytes'] ?? 0);
  if (name === 'queues') return `${formatCount(content['messages'] ?? 0, 'message')}, ${held}`;
  return name === 'segments' ? held : formatCount(content['semaphores'] ?? 0, 'semaphore');
}
