import type { OptionName } from './options/table.js';
import type { Verb } from './verb.js';

const WHERE = ['key', 'path', 'projectId'] as const;
const TELLING = ['format', 'zone'] as const;
const ASKING = ['timeout', 'ask', 'classic', 'json'] as const;

/** The verbs, from which the command line, its help and its suggestions are made. */
export const VERBS: readonly Verb[] = [
  {
    name: 'now',
    summary: 'print the time, once',
    details: [
      'Without --zone, asctime is what the server wrote, in the zone of the server;',
      'every other format is in the local zone. A classic server tells whole seconds',
      'and no zone: its reply is printed as it is, or else read in the local zone.',
    ].join('\n'),
    options: [...WHERE, ...TELLING, ...ASKING],
    examples: [
      ['time-client now', 'Fri Nov 20 09:09:00 2026'],
      ['time-client now --format iso --zone Asia/Tokyo', '2026-11-20T18:09:00.123456789+09:00'],
      ["time-client now --format '+%H:%M:%S.%3N %Z'", '10:09:00.123 CET'],
      ['time-client now --json --key 0x80', "with the round trip and the server's moments"],
    ],
    load: async () => (await import('./commands/now.js')).now,
  },
  {
    name: 'watch',
    summary: 'print the time again and again, at a steady pace',
    details: [
      'Ctrl-C ends it with exit code 0. Once the first answer came, it outlives the',
      'server: it says that the server is gone, and goes on when one is back.',
    ].join('\n'),
    options: [...WHERE, 'interval', 'count', ...TELLING, ...ASKING],
    examples: [
      ['time-client watch', 'a line each second'],
      ['time-client watch --interval 100ms --count 50 --format unix-ns', 'fifty lines in five seconds'],
      ['time-client watch --json --interval 1m >>times.ndjson', 'a JSON object each minute'],
    ],
    load: async () => (await import('./commands/watch.js')).watch,
  },
  {
    name: 'status',
    summary: 'print the pid, uptime, requests and queue of the server',
    details: [
      'Of a classic server only that it answers, and what the kernel counts at its',
      'queue, can be known.',
    ].join('\n'),
    options: [...WHERE, ...ASKING],
    examples: [
      ['time-client status', 'for a person'],
      ['time-client status --json | jq .uptimeNs', 'for a script'],
      ['time-client status >/dev/null || echo down', 'exit code 3: there is no server'],
    ],
    load: async () => (await import('./commands/status.js')).status,
  },
  {
    name: 'stop',
    summary: 'stop the server, and wait until its queue is gone',
    details: ['A stop message that nobody reads within --timeout is taken back out of the', 'queue.'].join(
      '\n',
    ),
    options: [...WHERE, 'timeout', 'json'],
    examples: [['time-client stop', 'exit code 3: there was no server to stop']],
    load: async () => (await import('./commands/stop.js')).stop,
  },
  {
    name: 'measure',
    summary: 'measure the round trip, and draw how it is spread',
    details: [
      'A warm-up of up to 1000 requests does not count. Percentiles are by nearest',
      'rank. Ctrl-C ends it early with what was measured until then. Exit code 1 when',
      'a request failed.',
    ].join('\n'),
    options: [...WHERE, 'count', 'concurrency', ...ASKING],
    optionHelp: { count: 'how many requests (default: 10000)' },
    examples: [
      ['time-client measure', 'one request at a time'],
      ['time-client measure --count 100000 --concurrency 8 --json', 'eight under way at once'],
    ],
    load: async () => (await import('./commands/measure.js')).measureVerb,
  },
];

/** Without a verb: what `now` takes, for the prompt tells the time as well. */
export const PROGRAM_OPTIONS: readonly OptionName[] = [...WHERE, ...TELLING, ...ASKING];
