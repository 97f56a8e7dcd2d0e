import type { OptionRow } from '../verbs/verb.js';

/** The options of a verb that delivers metrics. */
export const DELIVERY_OPTIONS: readonly OptionRow[] = [
  {
    flags: '--textfile <file>',
    help: "write to this file for node_exporter's textfile collector; a reader never sees half of it",
    completes: 'file',
  },
  {
    flags: '--listen <address>',
    help: 'serve /metrics at [HOST:]PORT until Ctrl-C; without a host, for this machine only',
  },
];
