import { formatMode, type MessageQueue } from '@timeq/mq-native';
import { DEFAULT_KEY } from '@timeq/time-protocol';
import type { Served } from './answer/answerer.js';
import type { Clocks } from './clock/clocks.js';
import type { Log } from './log.js';
import type { Adoption } from './queue/adoption.js';
import { modeWarnings } from './queue/mode.js';
import { named } from './queue/named.js';
import { reportStrangers } from './queue/strangers.js';
import { version } from './version.js';

/** What of a server's settings its first lines tell. */
interface ListeningSettings {
  readonly key: number;
  readonly mode: number;
  readonly gid: number | undefined;
  readonly onStop: 'exit' | 'ignore';
  readonly clocks: Clocks;
}

/** Says what a server listens on, how to stop it, and whom its mode shuts out. */
export function reportListening(log: Log, queue: MessageQueue, settings: ListeningSettings): void {
  const { key, mode, gid, onStop } = settings;
  const ways = ['Ctrl-C', `"kill ${process.pid}"`];
  if (onStop === 'exit')
    ways.push(key === DEFAULT_KEY ? '"time-client stop"' : `"time-client --key ${key} stop"`);
  const clock = settings.clocks.other?.()?.name;
  const details = {
    key,
    queue: queue.id,
    mode: formatMode(mode),
    version,
    ...(clock !== undefined && { clock }),
  };
  log.info(
    'listening',
    `listening on ${named(key)}, queue ${queue.id}${clockRemark(clock)}; stop it with ${either(ways)}`,
    details,
  );
  for (const warning of modeWarnings(mode, gid !== undefined)) {
    log.warn('mode', warning, { mode: formatMode(mode) });
  }
}

/** What the first line says of a clock that is not the machine's. */
export function clockRemark(clock: string | undefined): string {
  return clock === undefined ? '' : `, with the clock ${clock} and not the machine's`;
}

/** Reports in one line what was done with the messages of a queue that existed before the server. */
export function reportAdoption(log: Log, queue: MessageQueue, adoption: Adoption, afterDeath: boolean): void {
  const { requests, stops, replies, others } = adoption;
  const whose = afterDeath ? 'of a server that died' : 'that was there';
  const kept = `kept ${plural(requests.length, 'request')}`;
  const dropped = `dropped ${plural(stops, 'stop')} and ${plural(replies, 'reply', 'replies')}`;
  const details = { queue: queue.id, requests: requests.length, stops, replies, afterDeath };
  log.info('adopted', `adopted queue ${queue.id} ${whose}: ${kept}, ${dropped}`, details);
  if (others.size > 0) reportStrangers(log, queue, others);
}

/** Reports that another program removed the queue, and what was done about it. */
export function reportRecreation(log: Log, queue: MessageQueue, isNew: boolean, count: number): void {
  const times = count === 1 ? '' : ` ${count} times`;
  const now = isNew
    ? `created queue ${queue.id} in its place`
    : `serving queue ${queue.id}, which another program created`;
  log.warn('recreated', `another program removed the queue${times}: ${now}`, { queue: queue.id, count });
}

/** Says that the server has ended. */
export function reportStopped(log: Log, { classic, addressed, status, refused }: Served): void {
  const answered = classic + addressed + status + refused;
  log.info('stopped', `stopped: ${plural(answered, 'request')} answered, the queue is removed`, { answered });
}

/** Reports that a client asked the server to stop, and that it ignores that. */
export function reportIgnoredStop(log: Log, count: number): void {
  const what = count === 1 ? 'a stop message' : `${count} stop messages`;
  log.info('stop-ignored', `ignored ${what} (--on-stop ignore)`, { count });
}

/** Reports that messages of alarms reached no client, and that those alarms have ended. */
export function reportLostAlarms(log: Log, count: number): void {
  const message = `no client took ${plural(count, 'message')} of alarms: those alarms have ended`;
  log.info('alarms-lost', message, { count });
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function either(ways: readonly string[]): string {
  return `${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}`;
}
