/**
 * A System V key, `key_t`: 32 bits. Signed and unsigned forms are the same key (`-1` is `0xffffffff`); results are
 * always unsigned.
 */
export type Key = number;

/** The key that stands for "no key": every call with it creates a new object. Source: sysvipc(7). */
export const IPC_PRIVATE: Key = 0;

/** A key as the field writes it: `0x00000080`. */
export function formatKey(key: Key): string {
  return `0x${(key >>> 0).toString(16).padStart(8, '0')}`;
}
