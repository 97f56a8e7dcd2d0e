import { completionVerb } from '@timeq/cli-kit/verbs/completion/verb';
import type { Program } from '@timeq/cli-kit/verbs/verb';
import type { TimeServerOptions } from '../time-server.js';
import { CONNECTION_OPTIONS } from '@timeq/nats/options';
import { version } from '../version.js';
import { EXIT_MEANINGS } from './exit-codes.js';

const CLIENT_VERBS = ['now', 'watch', 'status', 'wait', 'stop', 'measure'];

/** The probable intention behind an unexpected word. */
function meant(word: string): string {
  const sentence = `time-server takes options only, not '${word}'`;
  if (/^-?(?:0x)?[0-9a-f]+$/i.test(word) && /^\D*\d/.test(word)) {
    return `${sentence}; to serve another key: \`time-server --key ${word}\``;
  }
  if (word === 'start' || word === 'serve' || word === 'run') return `${sentence}; it starts without a word`;
  if (CLIENT_VERBS.includes(word)) return `${sentence}; what clients do is: \`time-client ${word}\``;
  return sentence;
}

/** @param overrides options for the server on top of the command line's */
export function program(overrides: TimeServerOptions): Program {
  return {
    name: 'time-server',
    version: () => version,
    description:
      'Tells its clients the time over a System V message queue. Runs in the foreground until it is stopped.',
    verbs: [completionVerb('time-server')],
    unnamed: {
      name: 'time-server',
      summary: 'serve until it is stopped',
      options: [
        { flags: '-k, --key <key>', help: 'key of the queue, such as 128 or 0x80 (default: 128)' },
        {
          flags: '--path <file>',
          help: 'use the key that ftok makes of this file and --project-id',
          completes: 'file',
        },
        { flags: '--project-id <n>', help: '1 to 255, together with --path' },
        { flags: '-m, --mode <mode>', help: 'permission bits of the queue, in octal (default: 0600)' },
        { flags: '-g, --group <group>', help: 'group of the queue, by name or number' },
        {
          flags: '--reply <style>',
          help: 'where to answer classic requests: at type 3, at the pid in the body, at that pid plus 3, or where each client waits',
          choices: ['auto', 'shared', 'pid', 'pid+3'],
          otherwise: 'auto',
        },
        {
          flags: '--on-stop <action>',
          help: 'what a stop message (type 2) does',
          choices: ['exit', 'ignore'],
          otherwise: 'exit',
        },
        {
          flags: '--takeover',
          help: 'end the server that holds the key, or serve a queue there that no server has claimed',
        },
        {
          flags: '--adopt-foreign',
          help: 'serve a queue of another user, who can read, change and remove it',
        },
        {
          flags: '--log-format <format>',
          help: 'write lines for people, or one JSON object per line',
          choices: ['text', 'json'],
          otherwise: 'text',
        },
        {
          flags: '--clock <clock>',
          help: "use another clock than the machine's, for tests: fixed:TIME, offset:+1h30m, rate:60 or rate:60,from:TIME",
        },
        { flags: '--allow-set-clock', help: 'let clients set the clock' },
        { flags: '-q, --quiet', help: 'print warnings and errors only' },
        { flags: '-v, --verbose', help: 'print a line for each request, 20 in a second at most' },
        { flags: '--nats', help: 'answer over NATS, too, together with all other servers there' },
        { flags: '--nats-only', help: 'answer over NATS, and serve no queue' },
        { flags: '--subject <subject>', help: "what to listen to over NATS, before '.now' (default: timeq)" },
        ...CONNECTION_OPTIONS,
      ],
      load: async () => {
        const { serve } = await import('./commands/serve.js');
        return { run: (_words, options) => serve(options, overrides) };
      },
    },
    details: DETAILS,
    examples: [
      ['time-server', 'listen on key 128, for clients of this user'],
      ['time-server --key 0x54494d45 -m 0660 -g users', 'for all clients of a group'],
      ['time-server --path /srv/clock --project-id 1', 'for clients that find the key with ftok'],
      ['time-server --on-stop ignore --log-format json', 'as a service that no client can stop'],
      ['time-server --verbose', 'show each request, its last sender and the answer'],
      ['time-server --clock rate:60,from:2026-12-31T23:00Z', 'an hour in a minute, to test a program'],
      ['TZ=UTC time-server --quiet', 'tell the time in UTC; print problems only'],
      ['time-server --nats --server nats://example.org', 'for clients of other machines, too'],
    ],
    exitCodes: EXIT_MEANINGS,
    meant,
    explain: () => undefined,
  };
}

const DETAILS = `Messages:
  type 1       a request for the time, with any body; with
               {"timeq":1,"id":...,"replyTo":TYPE} as its body it is answered at
               that type, which only its client reads
  type 2       stop: answer what is waiting, remove the queue and exit
  type 3       the reply to a request with any other body: 24 bytes, as of C's
               asctime

Signals:
  SIGINT (Ctrl-C), SIGTERM and SIGHUP stop the server as a stop message does. A
  second Ctrl-C ends it at once.

Environment:
  TZ           the time zone of classic replies`;
