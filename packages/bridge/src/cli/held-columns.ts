import type { TextColumn } from '@timeq/cli-kit/tables/column';
import type { HeldMessage } from '../returning/held-message.js';

const NANOSECONDS = 1_000_000_000n;
const UNITS: ReadonlyArray<readonly [seconds: number, unit: string]> = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
];

/** The table of `slots`. */
export function heldColumns(now: bigint): TextColumn<HeldMessage>[] {
  return [
    { label: 'DIRECTION', priority: 9, text: ({ direction }) => direction },
    { label: 'SLOT', align: 'right', priority: 8, text: ({ slot }) => String(slot) },
    { label: 'STATE', priority: 7, text: ({ state }) => state },
    { label: 'TYPE', align: 'right', priority: 6, text: ({ type }) => String(type) },
    { label: 'BYTES', align: 'right', priority: 5, text: ({ bytes }) => String(bytes) },
    { label: 'NUMBER', align: 'right', priority: 4, text: ({ number }) => String(number) },
    {
      label: 'AGE',
      align: 'right',
      priority: 3,
      text: ({ time }) => (time === undefined ? '-' : formatAge(Number((now - time) / NANOSECONDS))),
    },
  ];
}

/** `5s`, `12m`, `3h`, `41d`. The clock may have been set back. */
function formatAge(seconds: number): string {
  const [size, unit] = UNITS.find(([length]) => seconds >= length) ?? [1, 's'];
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`;
}

/** The same for programs. A type that a JSON number can't hold exactly is a string of digits. */
export function heldJson({ direction, slot, state, type, bytes, number, id, time }: HeldMessage): object {
  return {
    direction,
    slot,
    state,
    type: type <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(type) : String(type),
    bytes,
    ...(id === undefined ? { sequence: number } : { generation: number, id }),
    ...(time !== undefined && { taken: new Date(Number(time / 1_000_000n)).toISOString() }),
  };
}
