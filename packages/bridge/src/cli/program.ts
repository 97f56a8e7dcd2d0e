import { completionVerb } from '@timeq/cli-kit/verbs/completion/verb';
import { DELIVERY_OPTIONS } from '@timeq/cli-kit/metrics/options';
import { jsonOptions } from '@timeq/cli-kit/verbs/json-options';
import type { OptionRow, Program, Verb } from '@timeq/cli-kit/verbs/verb';
import { CONNECTION_OPTIONS } from '@timeq/nats';
import { version } from '../version.js';
import { EXIT_MEANINGS } from './exit-codes.js';
import { explain } from './explain.js';

const QUEUE = { syntax: '<queue>', help: 'a key as 0x80, or an id as 5' };
const STREAM: OptionRow = { flags: '--stream <name>', help: 'stream of JetStream (required)' };
const DEAD: OptionRow = {
  flags: '--dead <subject>',
  help: 'publish messages that can never be delivered to this subject, and go on',
};
const JSON_LINES = jsonOptions('write one JSON object per line');
const JSON_OPTIONS = jsonOptions('write one JSON object');

const out: Verb = {
  name: 'out',
  summary: 'move messages from a queue into a stream, until it is stopped',
  arguments: [QUEUE],
  options: [
    STREAM,
    {
      flags: '--subject <template>',
      help: 'subject of each message; {host}, {key} and {type} are filled in',
      otherwise: 'sysv.{host}.{key}.{type}',
    },
    { flags: '--type <n>', help: 'take messages of this type only' },
    { flags: '--slots <n>', help: 'how many messages may be in flight at once', otherwise: '64' },
    DEAD,
    { flags: '--create-stream', help: 'create the stream if there is none, with the default limits' },
    {
      flags: '--allow-workqueue',
      help: 'accept a stream that drops consumed messages: after a crash, a message may arrive twice',
    },
    ...JSON_LINES,
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    ['timeq-bridge out 0x80 --stream EVENTS', 'publish as sysv.HOST.0x00000080.TYPE'],
    ['timeq-bridge out 0x80 --stream ORDERS --subject orders.{type} --create-stream', 'under other subjects'],
  ],
  load: () => import('./commands/out.js'),
};

const into: Verb = {
  name: 'in',
  summary: 'move messages from a stream into a queue, until it is stopped',
  arguments: [QUEUE],
  options: [
    STREAM,
    {
      flags: '--subject <filter>',
      help: 'read these subjects only, such as orders.*',
      otherwise: 'all of the stream',
    },
    {
      flags: '--type <n>',
      help: 'type for messages with neither a Sysv-Type header nor a number at the end of their subject',
    },
    {
      flags: '--in-doubt <what>',
      help: 'after a kill, if other programs send to the queue, too: what to do with a message that it may already have',
      choices: ['again', 'skip', 'stop'],
      otherwise: 'again',
    },
    DEAD,
    ...JSON_LINES,
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    ['timeq-bridge in 0x81 --stream ORDERS --subject orders.alpha.*', 'the messages for one machine'],
    ['timeq-bridge in 0x81 --stream ORDERS --type 7', 'messages without a type of their own get type 7'],
  ],
  load: () => import('./commands/in.js'),
};

const status: Verb = {
  name: 'status',
  summary: 'show the bridges of a queue: their state, progress and counters',
  arguments: [QUEUE],
  options: JSON_OPTIONS,
  details: `The counters start with the slots, which the first bridge with this queue,
stream and subject creates. A bridge that does not run is shown as it ended.`,
  examples: [
    ['timeq-bridge status 0x80', 'for a person'],
    ['timeq-bridge status 0x80 --json', 'for a program'],
  ],
  load: () => import('./commands/status.js'),
};

const metrics: Verb = {
  name: 'metrics',
  summary: 'print metrics of bridges for Prometheus, or serve them',
  arguments: [{ syntax: '[queue...]', help: 'keys as 0x80, or ids as 5 (default: all queues)' }],
  options: DELIVERY_OPTIONS,
  details: `The counters start with the slots and are in shared memory, so bridges that do
not run have them, too. If the queue is gone, name it.`,
  examples: [
    ['timeq-bridge metrics', 'once, for a person'],
    ['timeq-bridge metrics --listen 9465', 'for a Prometheus on this machine'],
  ],
  load: () => import('./commands/metrics.js'),
};

const slots: Verb = {
  name: 'slots',
  summary: 'show the messages in flight, or put them back into the queue',
  arguments: [QUEUE],
  options: [
    {
      flags: '--to-queue',
      help: 'put the messages of a bridge that does not run back into the queue, except for those that the stream has',
    },
    {
      flags: '--without-stream',
      help: 'with --to-queue: do not ask the stream which messages it has; those may then be in both',
    },
    { flags: '-y, --yes', help: 'do not ask' },
    ...JSON_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  details: `NUMBER is the message's: out of a queue, a count by the bridge; into a queue,
the sequence in the stream. Messages go back to the end of the queue. A slot is
free only once the queue has its message.`,
  examples: [
    ['timeq-bridge slots 0x80', 'the messages in flight'],
    ['timeq-bridge slots 0x80 --to-queue', 'after a bridge that will not run again'],
  ],
  load: () => import('./commands/slots.js'),
};

const DETAILS = `Help for a verb, with its options: timeq-bridge help VERB.

Signals:
  SIGINT (Ctrl-C), SIGTERM and SIGHUP end a bridge: it takes no more messages
  and waits up to five seconds for those in flight. Messages that have not
  arrived by then stay in their slots until the bridge is started again.`;

export const PROGRAM: Program = {
  name: 'timeq-bridge',
  version: () => version,
  description:
    'Moves messages between System V queues and NATS JetStream streams, and loses none when it is killed.',
  verbs: [out, into, status, slots, metrics, completionVerb('timeq-bridge')],
  unnamed: {
    name: 'timeq-bridge',
    summary: '',
    options: [...JSON_LINES, ...CONNECTION_OPTIONS],
    load: () => import('./commands/unnamed.js'),
  },
  details: DETAILS,
  examples: [
    ['timeq-bridge out 0x80 --stream EVENTS', 'from a queue of this machine into a stream'],
    ['timeq-bridge in 0x81 --stream ORDERS --subject orders.alpha.*', 'from a stream into a queue'],
    ['timeq-bridge status 0x80', 'progress and counters of its bridges'],
  ],
  exitCodes: EXIT_MEANINGS,
  explain,
};
