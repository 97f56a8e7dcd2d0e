import type { MetricDefinition } from '@timeq/cli-kit/metrics/exposition';

const QUEUE = ['key', 'id', 'owner'];
const SERVER = ['key', 'id'];
const POSIX_QUEUE = ['name', 'owner'];

function gauge(name: string, help: string, labels: readonly string[] = []): MetricDefinition {
  return { name, type: 'gauge', help, labels };
}

function counter(name: string, help: string, labels: readonly string[]): MetricDefinition {
  return { name, type: 'counter', help, labels };
}

/** Every metric of `ipctools metrics`, in the order of its output. docs/metrics.md has the same table. */
export const METRICS = {
  queueMessages: gauge('ipc_queue_messages', 'Messages in the queue.', QUEUE),
  queueBytes: gauge('ipc_queue_bytes', 'Bytes of the bodies in the queue.', QUEUE),
  queueLimit: gauge('ipc_queue_limit_bytes', 'How many bytes, and how many messages, it takes.', QUEUE),
  queueFullness: gauge(
    'ipc_queue_fullness_ratio',
    'Bytes or messages, whichever is more, as a share of the limit; 1 is full.',
    QUEUE,
  ),
  queueBlockedSenders: gauge('ipc_queue_blocked_senders', 'Threads that are blocked in a send.', QUEUE),
  queueBlockedReceivers: gauge('ipc_queue_blocked_receivers', 'Threads that wait for a message.', QUEUE),
  queueSendAge: gauge('ipc_queue_last_send_age_seconds', 'Seconds since the last send.', QUEUE),
  queueReceiveAge: gauge('ipc_queue_last_receive_age_seconds', 'Seconds since the last receive.', QUEUE),
  queueVerdict: gauge(
    'ipc_queue_verdict',
    '1 for the verdict of ipctools stale: stale, unknown, idle or live.',
    [...QUEUE, 'verdict'],
  ),
  leftOutQueues: gauge('ipc_left_out_queues', 'Queues without metrics of their own (--max-series).'),
  leftOutMessages: gauge('ipc_left_out_messages', 'Messages in those queues.'),
  leftOutBytes: gauge('ipc_left_out_bytes', 'Bytes of the bodies in those queues.'),
  objects: gauge('ipc_objects', 'Objects of each kind, by their verdict.', ['kind', 'verdict']),
  messages: gauge('ipc_messages', 'Messages in all queues.'),
  messageBytes: gauge('ipc_message_bytes', 'Bytes of the bodies in all queues.'),
  segmentBytes: gauge('ipc_segment_bytes', 'Bytes of all segments of shared memory.'),
  limit: gauge('ipc_limit_max', 'The kernel limit of this name, in its own unit.', ['kind', 'limit']),
  limitInUse: gauge('ipc_limit_in_use', 'How much of the limit is in use, in its own unit.', [
    'kind',
    'limit',
  ]),
  blockedKnown: gauge(
    'ipc_blocked_known',
    '1 if every process could be inspected for blocked threads, otherwise 0: run as root.',
  ),
  posixQueueMessages: gauge('ipc_posix_queue_messages', 'Messages in the POSIX queue.', POSIX_QUEUE),
  posixQueueBytes: gauge('ipc_posix_queue_bytes', 'Bytes of the bodies in the POSIX queue.', POSIX_QUEUE),
  posixQueueLimit: gauge(
    'ipc_posix_queue_limit_messages',
    'How many messages the POSIX queue takes.',
    POSIX_QUEUE,
  ),
  posixQueueFullness: gauge(
    'ipc_posix_queue_fullness_ratio',
    'Messages as a share of the limit of the POSIX queue; 1 is full.',
    POSIX_QUEUE,
  ),
  posixQueueUseAge: gauge(
    'ipc_posix_queue_last_use_age_seconds',
    'Seconds since the last send or receive of the POSIX queue.',
    POSIX_QUEUE,
  ),
  posixLeftOutQueues: gauge(
    'ipc_posix_left_out_queues',
    'POSIX queues without metrics of their own (--max-series).',
  ),
  posixLeftOutMessages: gauge('ipc_posix_left_out_messages', 'Messages in those POSIX queues.'),
  posixUnreadableQueues: gauge(
    'ipc_posix_unreadable_queues',
    'POSIX queues whose content this user may not see.',
  ),
  posixMemoryBytes: gauge('ipc_posix_memory_bytes', 'Bytes of memory that POSIX shared memory takes.'),
  posixVisible: gauge(
    'ipc_posix_visible',
    '1 if POSIX objects of the place can be listed, otherwise 0: it is not mounted.',
    ['place'],
  ),
  serverUp: gauge(
    'time_server_up',
    '1 if the time server answers, 0 if it died or did not answer in time.',
    SERVER,
  ),
  serverProbe: gauge('time_server_probe_seconds', 'Round trip of the request for its status.', SERVER),
  serverRequests: counter('time_server_requests_total', 'Requests that it answered, by kind.', [
    ...SERVER,
    'kind',
  ]),
  serverLost: counter('time_server_replies_lost_total', 'Replies that reached no client, by reason.', [
    ...SERVER,
    'reason',
  ]),
  serverWaiting: gauge('time_server_replies_waiting', 'Replies that wait for room in the queue.', SERVER),
  serverAlarmsPending: gauge('time_server_alarms_pending', 'Alarms that have yet to ring.', SERVER),
  serverAlarms: counter(
    'time_server_alarms_total',
    'Messages of alarms, by what became of them; late ones rang, too.',
    [...SERVER, 'outcome'],
  ),
  serversLeftOut: gauge('time_server_left_out', 'Time servers that were not asked: there are too many.'),
} as const satisfies Record<string, MetricDefinition>;
