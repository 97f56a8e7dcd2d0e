import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { completionVerb } from '@timeq/cli-kit/verbs/completion/verb';
import { jsonOptions } from '@timeq/cli-kit/verbs/json-options';
import type { OptionRow, Program, Verb } from '@timeq/cli-kit/verbs/verb';
import { CONNECTION_OPTIONS } from '@timeq/nats/options';
import { ASK_STYLES } from '../client/ask-style.js';
import { FORMATS } from '../format/names.js';
import { version } from '../version.js';
import { explain, NO_SERVER } from './explain.js';

const WHERE: readonly OptionRow[] = [
  { flags: '-k, --key <key>', help: 'key of the queue, such as 128 or 0x80 (default: 128)' },
  {
    flags: '--path <file>',
    help: 'use the key that ftok makes of this file and --project-id',
    completes: 'file',
  },
  { flags: '--project-id <n>', help: '1 to 255, together with --path' },
];
const NATS: OptionRow = { flags: '--nats', help: 'ask over NATS instead of a queue' };
const OVER_NATS: readonly OptionRow[] = [
  { flags: '--subject <subject>', help: "what the servers listen to, before '.now' (default: timeq)" },
  ...CONNECTION_OPTIONS,
];
const TELLING: readonly OptionRow[] = [
  {
    flags: '--format <format>',
    help: `${Object.keys(FORMATS).join(', ')}, or +PATTERN as in date(1) (default: asctime, as the server wrote it)`,
    completes: Object.keys(FORMATS),
  },
  {
    flags: '--zone <name>',
    help: 'IANA time zone such as Europe/Berlin, UTC or local',
    completes: async () => {
      const zones = ['UTC', 'local', ...Intl.supportedValuesOf('timeZone')];
      return await Promise.resolve(zones.map((word) => ({ word, help: '' })));
    },
  },
];
const TIMEOUT: OptionRow = {
  flags: '--timeout <duration>',
  help: 'time out after 500ms, 5s, 2m, ... (default: 5s)',
};
const JSON_LINES = jsonOptions('print one JSON object per line');
const ASKING: readonly OptionRow[] = [
  TIMEOUT,
  {
    flags: '--ask <how>',
    help: "how to ask: at this client's own type, at type 3, or by its pid",
    choices: ASK_STYLES,
    otherwise: 'auto',
  },
  { flags: '--classic', help: 'the same as --ask shared: empty body, answer at type 3' },
  ...JSON_LINES,
];

const SERVER_GONE = [
  'Ctrl-C cancels the alarm at the server. If the server goes, the client says so,',
  'and sets the alarm again at the next one: no turn is missed or printed twice.',
];

const VERBS: readonly Verb[] = [
  {
    name: 'now',
    summary: 'print the time, once',
    details: [
      "Without --zone, asctime is the server's own text, in the server's zone;",
      'every other format is in the local zone. A classic server sends whole seconds',
      'and no zone: its reply is printed as it is, or read in the local zone.',
    ].join('\n'),
    options: [...WHERE, ...TELLING, ...ASKING, NATS, ...OVER_NATS],
    examples: [
      ['time-client now', 'Fri Nov 20 09:09:00 2026'],
      ['time-client now --format iso --zone Asia/Tokyo', '2026-11-20T18:09:00.123456789+09:00'],
      ["time-client now --format '+%H:%M:%S.%3N %Z'", '10:09:00.123 CET'],
      ['time-client now --json --key 0x80', "with the round trip and the server's moments"],
    ],
    load: () => import('./commands/now.js'),
  },
  {
    name: 'watch',
    summary: 'print the time again and again, at a steady pace',
    details: [
      'Ctrl-C ends it with exit code 0. After the first answer it outlives the server:',
      'it says when the server is gone, and continues when one is back.',
    ].join('\n'),
    options: [
      ...WHERE,
      { flags: '--interval <duration>', help: 'time between requests (default: 1s)' },
      { flags: '--count <n>', help: 'stop after this many answers (default: never)' },
      ...TELLING,
      ...ASKING,
      NATS,
      ...OVER_NATS,
    ],
    examples: [
      ['time-client watch', 'a line each second'],
      ['time-client watch --interval 100ms --count 50 --format unix-ns', 'fifty lines in five seconds'],
      ['time-client watch --json --interval 1m >>times.ndjson', 'a JSON object each minute'],
    ],
    load: () => import('./commands/watch.js'),
  },
  {
    name: 'at',
    summary: "wait until the server's clock shows a time, and print it",
    arguments: [
      { syntax: '<time...>', help: "12:00, 'tomorrow 9:30', ISO 8601, or @ and seconds since the epoch" },
    ],
    details: [
      'A time without a date is the next one; without an offset it is in the zone of',
      '--zone, or the local one. A time that has passed rings at once.',
      ...SERVER_GONE,
    ].join('\n'),
    options: [...WHERE, ...TELLING, TIMEOUT, ...JSON_LINES, NATS, ...OVER_NATS],
    examples: [
      ['time-client at 12:00 && echo lunch', 'at noon by the clock of the server'],
      ['time-client at tomorrow 9:30 --zone Europe/Berlin', 'in another zone'],
      ['time-client at 2026-12-31T23:59:50Z --json', 'with how late it rang'],
    ],
    load: () => import('./commands/at.js'),
  },
  {
    name: 'in',
    summary: 'wait for a while by the clock of the server, and print the time then',
    arguments: [{ syntax: '<duration>', help: '500ms, 10s, 5m, 1h or 2d' }],
    details: SERVER_GONE.join('\n'),
    options: [...WHERE, ...TELLING, TIMEOUT, ...JSON_LINES, NATS, ...OVER_NATS],
    examples: [
      ['time-client in 5m', 'returns in five minutes'],
      ['time-client in 1.5h --json --key 0x80', 'with how late it rang'],
    ],
    load: () => import('./commands/in.js'),
  },
  {
    name: 'every',
    summary: 'print the time again and again, when the server says so',
    arguments: [{ syntax: '[duration]', help: 'time between two turns: 500ms, 10s, 5m, 1h or 2d' }],
    details: [
      'Unlike watch it asks once, and the server wakes it. Ctrl-C ends it with exit',
      'code 0.',
      ...SERVER_GONE,
    ].join('\n'),
    options: [
      ...WHERE,
      { flags: '--count <n>', help: 'stop after this many turns (default: never)' },
      { flags: '--cron <pattern>', help: 'when cron would: five fields, or six with seconds in front' },
      ...TELLING,
      TIMEOUT,
      ...JSON_LINES,
      NATS,
      ...OVER_NATS,
    ],
    examples: [
      ['time-client every 10s --count 3', 'three lines in half a minute'],
      ["time-client every --cron '0 9 * * 1-5' --zone Europe/Berlin", 'at nine on weekdays'],
      ['time-client every 1s --json', 'with the number of each turn, and how late it was'],
      ['time-client every 1m --nats --server nats://example.org', 'from another machine'],
    ],
    load: () => import('./commands/every.js'),
  },
  {
    name: 'status',
    summary: 'print the pid, uptime, requests and queue of the server',
    details: [
      'A classic server reports nothing: status then shows where it answers, and the',
      "kernel's own counts for its queue.",
    ].join('\n'),
    options: [...WHERE, ...ASKING, NATS, ...OVER_NATS],
    examples: [
      ['time-client status', 'for a person'],
      ['time-client status --json | jq .uptimeNs', 'for a script'],
      ['time-client status >/dev/null || echo down', 'exit code 3: there is no server'],
    ],
    load: () => import('./commands/status.js'),
  },
  {
    name: 'wait',
    summary: 'wait until a server answers, for start scripts and health checks',
    details: [
      'Whether the server runs already or has yet to start. Exit code 4 after',
      '--timeout, with what was missing last.',
    ].join('\n'),
    options: [
      ...WHERE,
      { ...TIMEOUT, help: 'time out after 500ms, 5s, 2m, ... (default: 30s)' },
      ...ASKING.filter((option) => option !== TIMEOUT),
      NATS,
      ...OVER_NATS,
    ],
    examples: [
      ['time-server & time-client wait && time-client now', 'as soon as it answers'],
      ['time-client wait --timeout 2s --key 0x80 >/dev/null', 'a health check'],
      ['time-client wait --nats --server nats://example.org', 'for NATS and a server there'],
    ],
    load: () => import('./commands/wait.js'),
  },
  {
    name: 'stop',
    summary: 'stop the server, and wait until its queue is gone',
    details: ['If no server reads the stop message within --timeout, it is removed from the', 'queue.'].join(
      '\n',
    ),
    options: [
      ...WHERE,
      TIMEOUT,
      ...JSON_LINES,
      { ...NATS, help: 'refused, since there may be many servers' },
    ],
    examples: [
      ['time-client stop', 'exit code 3: there was no server to stop'],
      ['time-client stop --key 0x80 --timeout 1s', 'at another key; waits no longer'],
    ],
    load: () => import('./commands/stop.js'),
  },
  {
    name: 'measure',
    summary: 'measure round trips, and draw their distribution',
    details: [
      'A warm-up of up to 1000 requests does not count. Percentiles are by nearest',
      'rank. The answer with the shortest delay tells how far the clock of the server',
      'is ahead, give or take half of the delay. Ctrl-C ends it early and prints the',
      'results so far. Exit code 1 when a request failed.',
    ].join('\n'),
    options: [
      ...WHERE,
      { flags: '--count <n>', help: 'number of requests (default: 10000)' },
      { flags: '--concurrency <n>', help: 'requests in flight (default: 1)' },
      ...ASKING,
      NATS,
      ...OVER_NATS,
    ],
    examples: [
      ['time-client measure', 'one request at a time'],
      ['time-client measure --count 100000 --concurrency 8 --json', 'eight requests at a time'],
    ],
    load: () => import('./commands/measure.js'),
  },
  {
    name: 'compare',
    summary: 'compare the clocks of servers with that of this machine',
    details: [
      'Of all servers over NATS, or of those at the queues that --key names. Each is',
      'asked several times, and the answer with the shortest delay counts: the offset',
      'may be wrong by half of the delay, and is printed with no more digits. Exit',
      'code 3 when there is no server, 4 when one did not answer.',
    ].join('\n'),
    options: [
      { flags: '-k, --key <keys>', help: 'keys of queues, such as 128,0x90, instead of NATS' },
      { flags: '--count <n>', help: 'requests to each server (default: 100, over NATS 8)' },
      TIMEOUT,
      ...JSON_LINES,
      ...OVER_NATS,
    ],
    examples: [
      ['time-client compare --key 128,0x90', 'a line for each queue'],
      ['time-client compare', 'a line for each server over NATS'],
      ['time-client compare --json --server nats://example.org', 'a JSON object for each server'],
    ],
    load: () => import('./commands/compare.js'),
  },
  completionVerb('time-client'),
];

export const PROGRAM: Program = {
  name: 'time-client',
  version,
  description: 'Asks a time server for the time over a System V message queue.',
  verbs: VERBS,
  unnamed: {
    name: 'time-client',
    summary: 'ask on a terminal, or print the time',
    options: [...WHERE, ...TELLING, ...ASKING, NATS, ...OVER_NATS],
    load: () => import('./commands/unnamed.js'),
  },
  details: [
    'Without a verb, on a terminal: asks for the message type to send (1: the time,',
    '2: stop the server, q: quit). Without a verb and without a terminal: now.',
  ].join('\n'),
  examples: [
    ['time-client', 'the prompt'],
    ['time-client now', 'print the time'],
    ['time-client now --format iso --zone UTC', 'with nanoseconds'],
    ['time-client --key 0x1234 status', 'the status of a server at another key'],
    ['time-client now --classic', 'from a server that knows types 1, 2 and 3 only'],
    ['time-client stop', 'stop the server; its queue is removed'],
    ['time-client now --nats --server nats://example.org', 'from another machine'],
  ],
  exitCodes: [
    [EXIT.done, 'done'],
    [EXIT.failed, 'failed'],
    [EXIT.usage, 'wrong usage'],
    [NO_SERVER, 'no server: no queue at the key, a server that is dead or gone, or no server over NATS'],
    [EXIT.timedOut, 'timed out: no answer, or no room in the queue'],
    [EXIT.notPermitted, 'not permitted'],
  ],
  explain,
};
