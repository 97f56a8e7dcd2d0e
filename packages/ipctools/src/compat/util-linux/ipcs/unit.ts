import { humanSize } from './human-size.js';

/** How sizes are shown: `--bytes`, `--human`, or what each place has of old. */
export type Unit = 'default' | 'bytes' | 'human';

/** `max seg size (kbytes) = 4`, `max seg size (bytes) = 4096` or `max seg size = 4K`. */
export function sizeLine(label: string, size: bigint, unit: 'bytes' | 'kbytes' | 'human'): string {
  return unit === 'human' ? `${label} = ${humanSize(size)}\n` : `${label} (${unit}) = ${size}\n`;
}
