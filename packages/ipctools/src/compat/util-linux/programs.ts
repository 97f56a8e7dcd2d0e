/** A program that takes its arguments untouched, as util-linux's program of that name does. */
export interface DropIn {
  /** @returns the exit code */
  run(argv: string[]): Promise<number>;
}

/** The drop-ins by name; each is loaded when it is used, and only then. */
export const DROP_INS: ReadonlyMap<string, () => Promise<DropIn>> = new Map([
  ['ipcs', () => import('./ipcs/main.js')],
  ['ipcrm', () => import('./ipcrm/main.js')],
  ['ipcmk', () => import('./ipcmk/main.js')],
]);
