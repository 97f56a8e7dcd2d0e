import { readFileSync } from 'node:fs';

/** The three kinds of System V objects, named like the files in /proc/sysvipc. */
export type ObjectKind = 'msg' | 'sem' | 'shm';

/** One row of a table, by the names in its heading (proc(5)). The kernel prints `key` signed; here it is unsigned. */
type KernelRow = Readonly<Record<string, number>>;

/** The objects that the kernel lists, read without the code under test. Linux only. */
export function kernelTable(kind: ObjectKind): KernelRow[] {
  const [heading = '', ...lines] = readFileSync(`/proc/sysvipc/${kind}`, 'utf8').trimEnd().split('\n');
  const names = heading.trim().split(/\s+/);
  return lines.map((line) => {
    const cells = line.trim().split(/\s+/);
    return Object.fromEntries(
      names.map((name, index) => {
        const cell = cells[index] ?? '';
        if (name === 'perms') return [name, Number.parseInt(cell, 8)];
        return [name, name === 'key' ? Number(cell) >>> 0 : Number(cell)];
      }),
    );
  });
}

/** The row of the queue at `key`, with `msqid`, `perms`, `cbytes`, `qnum`, `lspid`, `lrpid`, ...; undefined if there is none. */
export function queueAt(key: number): KernelRow | undefined {
  return kernelTable('msg').find((row) => row['key'] === key >>> 0);
}

/** The row of the queue with that id; undefined if there is none. */
export function queueWithId(id: number): KernelRow | undefined {
  return kernelTable('msg').find((row) => row['msqid'] === id);
}

/** The row of the semaphore set at `key`, with `semid`, `perms`, `nsems`, ...; undefined if there is none. */
export function semaphoresAt(key: number): KernelRow | undefined {
  return kernelTable('sem').find((row) => row['key'] === key >>> 0);
}
