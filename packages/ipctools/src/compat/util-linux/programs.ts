import type { OtherProgram } from '@timeq/cli-kit/verbs/verb';

/** The programs of util-linux by name. They take their arguments untouched, and each is loaded only where it is used. */
export const UTIL_LINUX: ReadonlyMap<string, OtherProgram> = new Map([
  ['ipcs', { help: "as util-linux's ipcs", load: () => import('./ipcs/main.js') }],
  ['ipcrm', { help: "as util-linux's ipcrm", load: () => import('./ipcrm/main.js') }],
  ['ipcmk', { help: "as util-linux's ipcmk", load: () => import('./ipcmk/main.js') }],
  ['lsipc', { help: "as util-linux's lsipc", load: () => import('./lsipc/main.js') }],
]);
