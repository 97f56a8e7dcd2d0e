import { ASK_STYLES } from '../../client/ask-style.js';
import { FORMATS } from '../../format/names.js';

/** Every option of every verb, in the order of the help. */
export const OPTIONS = {
  key: { flags: '-k, --key <key>', help: 'key of the queue, such as 128 or 0x80 (default: 128)' },
  path: { flags: '--path <file>', help: 'make the key of this file and --project-id, as ftok does' },
  projectId: { flags: '--project-id <n>', help: '1 to 255, together with --path' },
  format: {
    flags: '--format <format>',
    help: `${Object.keys(FORMATS).join(', ')}, or +PATTERN as in date(1) (default: asctime, as the server wrote it)`,
  },
  zone: { flags: '--zone <name>', help: 'IANA time zone such as Europe/Berlin, UTC or local' },
  interval: { flags: '--interval <duration>', help: 'from one request to the next (default: 1s)' },
  count: { flags: '--count <n>', help: 'end after so many times (default: never)' },
  concurrency: { flags: '--concurrency <n>', help: 'requests under way at once (default: 1)' },
  timeout: { flags: '--timeout <duration>', help: 'give up after 500ms, 5s, 2m, ... (default: 5s)' },
  ask: {
    flags: '--ask <how>',
    help: `${ASK_STYLES.join(', ')}: at this client's own type, at type 3, or by its pid (default: auto, finds out)`,
  },
  classic: { flags: '--classic', help: 'the same as --ask shared: empty body, answer at type 3' },
  json: { flags: '--json', help: 'print one JSON object per line' },
} as const;

export type OptionName = keyof typeof OPTIONS;
