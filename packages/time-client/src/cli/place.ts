import { formatKey } from '@timeq/mq-native';
import type { Settings } from './settings.js';

/** Where servers are. */
export interface Place {
  /** For JSON: the key of a queue, or the subject. */
  readonly fields: { readonly key: string } | { readonly subject: string };
  /** `key 0x00000080`. */
  readonly text: string;
}

/** Where the options say that servers are. */
export function placeOf({ key, nats }: Settings): Place {
  if (nats === undefined) return { fields: { key: formatKey(key) }, text: `key ${formatKey(key)}` };
  return { fields: { subject: nats.subject }, text: `NATS subject ${nats.subject}` };
}
