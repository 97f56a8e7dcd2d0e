import type { Result, Row } from './measure.js';
import { figure, ratio } from './report.js';

interface Line {
  readonly what: string;
  readonly result: string;
  readonly timeq: string;
  /** Other programs, of which the fastest is shown, and their result, if it is another one. */
  readonly peers: readonly string[];
  readonly peersIn?: string;
  /** The same for Node.js's own mechanisms. */
  readonly plain?: readonly string[];
  readonly plainIn?: string;
}

const BINDINGS = ['PHP sysvmsg', 'Python sysv_ipc', 'Perl IPC::Msg', 'Node.js svmq'];
/** Node.js's own mechanisms between two processes. */
const MECHANISMS = ['pipe', 'named pipe', 'Unix socket', 'TCP socket', 'process.send'].map(
  (name) => `Node.js ${name}`,
);

/** The seven rows that answer "how fast?". */
const LINES: readonly Line[] = [
  {
    what: 'round trip of 32 bytes, two cores (`await`)',
    result: 'round-trip-2',
    timeq: 'Timeq await',
    peers: BINDINGS,
    plain: MECHANISMS,
    plainIn: 'plain-node-round-trip',
  },
  {
    what: 'round trip of 32 bytes, one core (`await`)',
    result: 'round-trip-1',
    timeq: 'Timeq await',
    peers: BINDINGS,
  },
  {
    what: 'one way, 32 bytes (`trySend`, `receiveBatch`)',
    result: 'one-way-2',
    timeq: 'Timeq trySend, receiveBatch',
    peers: BINDINGS,
    plain: MECHANISMS,
    plainIn: 'plain-node-one-way',
  },
  {
    what: 'one way, 8 KiB (`await send`, `for await`)',
    result: 'plain-node-one-way-8k',
    timeq: 'Timeq await send, for await',
    peers: BINDINGS,
    peersIn: 'one-way-8k',
    plain: MECHANISMS,
  },
  {
    what: 'time server, 8 Python clients',
    result: 'time-server-python',
    timeq: 'Timeq server',
    peers: ['Python server'],
  },
  {
    what: 'CPU of a server at 100 requests/s',
    result: 'hundred-a-second',
    timeq: 'Timeq, server of classic requests',
    peers: [],
    plain: ['Node.js, a timer alone'],
  },
  {
    what: 'list of 32,000 queues (`ipctools ipcs -q`)',
    result: 'queue-table-milliseconds',
    timeq: 'ipctools ipcs -q',
    peers: ['lsipc -q'],
    plain: ['node -e 0'],
  },
];

function best(result: Result | undefined, contenders: readonly string[]): Row | undefined {
  const rows = result?.rows.filter(
    ({ contender, missing }) => missing === undefined && contenders.includes(contender),
  );
  return rows?.sort((a, b) => (result?.more === true ? b.median - a.median : a.median - b.median))[0];
}

/** A figure, its ratio to the baseline of the same run, and its contender. */
function cell(row: Row | undefined, name = row?.contender.replace(/^Node\.js,? /, '')): string {
  if (row === undefined) return '';
  return `${[name, figure(row.median)].filter((text) => text !== '').join(' ')} (${ratio(row)})`;
}

/** The table at the head of docs/performance.md. */
export function summary(results: readonly Result[]): string {
  const find = (name: string): Result | undefined => results.find((result) => result.name === name);
  const lines = LINES.map(
    ({ what, result: name, timeq, peers, peersIn = name, plain = [], plainIn = name }) => {
      const result = find(name);
      const baseline = result?.rows[0];
      return [
        `${what}; ${result?.unit ?? ''}, ${result?.more === true ? 'more' : 'less'} is better`,
        `**${cell(best(result, [timeq]), '')}**`,
        `${baseline?.contender.startsWith('C') === true ? '' : `${baseline?.contender} `}${figure(baseline?.median)}`,
        cell(best(find(peersIn), peers)),
        cell(best(find(plainIn), plain)),
      ];
    },
  );
  const heading = ['', 'Timeq', 'C', 'best peer', 'plain Node.js'];
  return [heading, heading.map((_, column) => (column === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
