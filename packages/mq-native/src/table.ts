import { readNamespaceFile } from './namespace/read-file.js';

/** A first guess at the number of objects; one that is too small costs a second call. */
const GUESS = 64;

/**
 * Reads one of the kernel's tables with the *_STAT_ANY calls, which need no permission and no parsing. It reads the
 * table at once, but makes each entry only when it is reached, so iterating over thousands keeps no thousands of
 * objects.
 * @param read fills rows and returns the number of objects, or -errno
 * @param width doubles in a row
 * @returns undefined where the kernel has no such call
 */
export function readRows<Entry>(
  read: (rows: Float64Array) => number,
  width: number,
  entry: (rows: Float64Array, row: number) => Entry,
): Iterable<Entry> | undefined {
  for (let capacity = GUESS; ;) {
    const rows = new Float64Array(capacity * width);
    const count = read(rows);
    if (count < 0) return undefined;
    if (count <= capacity) {
      return {
        *[Symbol.iterator]() {
          for (let index = 0; index < count; index++) yield entry(rows, index * width);
        },
      };
    }
    // Other programs may create objects between two calls.
    capacity = count + GUESS;
  }
}

/** The same, as an array. */
export function readTable<Entry>(...table: Parameters<typeof readRows<Entry>>): Entry[] | undefined {
  const rows = readRows(...table);
  return rows && [...rows];
}

/**
 * Reads /proc/sysvipc/`name`: a heading and one line of numbers for each object. Every column but `perms` is decimal.
 */
export function readProcTable<Entry>(
  name: string,
  entry: (column: (name: string) => number) => Entry,
): Entry[] {
  const [heading = '', ...lines] = readNamespaceFile(`/proc/sysvipc/${name}`).trimEnd().split('\n');
  const columns = heading.trim().split(/\s+/);
  return lines.map((line) => {
    const values = line.trim().split(/\s+/);
    return entry((column) => {
      const value = values[columns.indexOf(column)] ?? '0';
      return column === 'perms' ? Number.parseInt(value, 8) : Number(value);
    });
  });
}
