import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Output } from '@timeq/cli-kit/output/output';
import { writeJsonList } from '@timeq/cli-kit/output/json-lists';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { formatKey, type LivenessState } from '@timeq/mq-native';
import { COUNTS } from '../../slots/header.js';
import type { SlotSnapshot } from '../../slots/snapshot.js';
import { snapshotsOf } from '../snapshots.js';
import { onlyWord, readQueueKey } from '../target.js';

/** Shows the bridges of a queue, from their shared memory. */
export async function run(words: readonly string[], options: { readonly json?: true }): Promise<number> {
  const bridges = snapshotsOf(readQueueKey(onlyWord(words)));
  const output = new Output();
  if (options.json === true) {
    await writeJsonList(output, 'bridges', bridges.map(toJson));
    return EXIT.done;
  }
  await output.write(bridges.map(toText).join('\n'));
  await output.flush();
  return EXIT.done;
}

function nameOf({ direction, queueKey }: SlotSnapshot): string {
  return `timeq-bridge ${direction} ${formatKey(queueKey)}`;
}

function lifeOf(user: LivenessState): string {
  if (user.state === 'alive') {
    return user.pid > 0 ? `runs, process ${user.pid}` : 'runs, in another pid namespace';
  }
  if (user.state === 'dead') return 'was killed';
  return user.state === 'none' ? 'does not run' : 'unknown: its semaphore is of another user or program';
}

function positionOf({ direction, header }: SlotSnapshot): number {
  return direction === 'out' ? header.acked : header.position;
}

function countRows(snapshot: SlotSnapshot): ReadonlyArray<readonly [string, string]> {
  const { direction, header } = snapshot;
  const of = (name: (typeof COUNTS)[number]): string => String(header.count(name));
  if (direction === 'out') {
    return [
      ['moved', of('moved')],
      ['found again', of('found')],
      ['published again', of('again')],
      ['dead-lettered', of('dead')],
    ];
  }
  return [
    ['moved', of('moved')],
    ['in doubt', `${of('doubted')}, sent again ${of('doubtedAgain')}, skipped ${of('doubtedSkipped')}`],
    ['dead-lettered', of('dead')],
    ['passed over', of('poison')],
  ];
}

function toText(snapshot: SlotSnapshot): string {
  const { direction, header, holding, slots, room, user } = snapshot;
  const rows = [
    ['state', lifeOf(user)],
    ['stream', `${header.stream}, ${direction === 'out' ? 'as' : 'subjects'} ${header.subject}`],
    ['instance', header.instance],
    ...(direction === 'out' ? [['generation', String(header.generation)]] : []),
    ['position', `sequence ${positionOf(snapshot)}`],
    ['held', `${holding.length} of ${slots} slots, each with room for ${room} bytes`],
    ...countRows(snapshot),
  ] as const;
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(17)}${escapeText(value)}\n`);
  return `${nameOf(snapshot)}\n${lines.join('')}`;
}

function toJson(snapshot: SlotSnapshot): object {
  const { direction, header, holding, slots, room, user, queueKey, queueId } = snapshot;
  return {
    name: nameOf(snapshot),
    direction,
    queueKey,
    queueKeyHex: formatKey(queueKey),
    queueId,
    alive: user.state === 'alive',
    state: user.state,
    ...('pid' in user && { pid: user.pid }),
    stream: header.stream,
    subject: header.subject,
    instance: header.instance,
    ...(direction === 'out' && { generation: header.generation }),
    position: positionOf(snapshot),
    held: holding.length,
    slots,
    room,
    counts: Object.fromEntries(COUNTS.map((name) => [name, header.count(name)])),
  };
}
