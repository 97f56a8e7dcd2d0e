import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
import { didYouMean } from '@timeq/cli-kit/args/did-you-mean';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { formatKey } from '@timeq/mq-native';
import { Failure } from '../../failure.js';
import { Facts } from '../../model/facts.js';
import { findTarget } from '../../model/find-queue.js';
import { findObject, meantKey, type KindOfObject, type ObjectName } from '../../model/ipc-object.js';
import { kindNamed, KINDS, type KindName } from '../../model/kind-names.js';
import { acrossNamespaces, type NamespaceOptions } from '../across-namespaces.js';
import { absences } from '../../model/posix/places.js';
import {
  describePosixName,
  findPosix,
  isPosixName,
  readPosixNames,
  type PosixName,
  type PosixOptions,
} from '../posix-target.js';
import { showPosix } from '../show/posix.js';
import { showQueue, type ShownFormat } from '../show/queue.js';
import { showSegment } from '../show/segment.js';
import { showSet } from '../show/set.js';
import { parseBodyFormat } from '../../render/body-format.js';
import { readQueueTarget } from '@timeq/cli-kit/args/queue-target';
import type { TargetOptions } from '../target.js';

interface ShowOptions extends TargetOptions, NamespaceOptions, PosixOptions<string> {
  readonly shmemId?: string;
  readonly shmemKey?: string;
  readonly semaphoreId?: string;
  readonly semaphoreKey?: string;
  readonly kind?: string;
  readonly format?: string;
  readonly json?: true;
}

const KIND_OF: Readonly<Record<KindName, KindOfObject>> = {
  queues: 'queue',
  segments: 'segment',
  semaphores: 'semaphore set',
};

const LIST_OF: Readonly<Record<KindOfObject, string>> = {
  queue: 'list',
  segment: 'list segments',
  'semaphore set': 'list semaphores',
};

/** The one object that the words and the options name. @throws UsageError */
function readName(words: readonly string[], options: ShowOptions): ObjectName | PosixName {
  const { queueId, queueKey, shmemId, shmemKey, semaphoreId, semaphoreKey, kind = 'queues' } = options;
  const kindName = kindNamed(kind);
  if (kindName === undefined)
    throw new UsageError(
      `'${kind}' is not a kind of object${didYouMean(kind, KINDS)}; use ${KINDS.join(', ')}`,
    );
  const byId = (of: KindOfObject, word: string | undefined): ObjectName[] =>
    word === undefined ? [] : [{ kind: of, by: 'id', value: readObjectId(word) }];
  const byKey = (of: KindOfObject, word: string | undefined): ObjectName[] =>
    word === undefined ? [] : [{ kind: of, by: 'key', value: readNamingKey(word) }];
  const given = (word: string | undefined): string[] => (word === undefined ? [] : [word]);
  const names = [
    ...readPosixNames(words, {
      posixMqueue: given(options.posixMqueue),
      posixShmem: given(options.posixShmem),
      posixSemaphore: given(options.posixSemaphore),
    }),
    ...words
      .filter((word) => !isPosixName(word))
      .map((word): ObjectName => {
        const target = readQueueTarget(word);
        return {
          kind: KIND_OF[kindName],
          by: target.by,
          value: target.by === 'key' ? target.key : target.id,
        };
      }),
    ...byId('queue', queueId),
    ...byKey('queue', queueKey),
    ...byId('segment', shmemId),
    ...byKey('segment', shmemKey),
    ...byId('semaphore set', semaphoreId),
    ...byKey('semaphore set', semaphoreKey),
  ];
  const [name, other] = names;
  if (name === undefined)
    throw new UsageError(
      'show what? Give a queue as 0x80 or 5, a segment with -m or -M, a semaphore set with -s or -S, a POSIX object as /name',
    );
  if (other !== undefined) throw new UsageError('show one object at a time');
  return name;
}

function readFormat(name: ObjectName | PosixName, { format, json }: ShowOptions): 'json' | ShownFormat {
  if (format === undefined) return json === true ? 'json' : 'text';
  if (json === true || format === 'json')
    throw new UsageError('--format is for the table of messages; --json has them exactly');
  if ('name' in name)
    throw new UsageError('messages of POSIX queues are not shown, so --format has no meaning');
  if (name.kind !== 'queue')
    throw new UsageError(`a ${name.kind} has no messages, so --format has no meaning`);
  const parsed = parseBodyFormat(format);
  return parsed === 'json' ? 'text' : parsed;
}

function missing(name: ObjectName): Failure {
  const { kind, by, value } = name;
  const named = `${by} ${by === 'key' ? formatKey(value) : value}`;
  return new Failure(
    `no ${kind} has ${named} in this IPC namespace (a container has its own); ${meantKey(name) ?? `\`ipctools ${LIST_OF[kind]}\` shows those that exist`}`,
  );
}

function missingPosix(name: PosixName, { posix }: Facts): Failure {
  const unseen = absences(posix.places).map((sentence) => `; ${sentence}`);
  return new Failure(
    `there is no ${describePosixName(name)} here; \`ipctools list posix\` shows those that exist${unseen.join('')}`,
  );
}

async function showOne(
  name: ObjectName | PosixName,
  how: 'json' | ShownFormat,
  facts: Facts,
  output: Output,
): Promise<void> {
  const json = how === 'json';
  if ('name' in name) {
    const object = findPosix(name, facts.posix.objects);
    if (object === undefined) throw missingPosix(name, facts);
    return showPosix(object, json, facts, output);
  }
  if (name.kind === 'queue') {
    const { by, value } = name;
    return showQueue(by === 'key' ? { by, key: value } : { by, id: value }, how, facts, output);
  }
  const object = findObject(name);
  if (object?.kind === 'segment') return showSegment(object.entry, json, facts, output);
  if (object?.kind === 'semaphore set') return showSet(object.entry, json, facts, output);
  throw missing(name);
}

export function run(words: readonly string[], options: ShowOptions): Promise<number> {
  const name = readName(words, options);
  const how = readFormat(name, options);
  const output = new Output();
  return acrossNamespaces(
    options,
    'show',
    output,
    async (found) => {
      const facts = new Facts({ namespace: found?.namespace.link, mountsOf: found?.pid });
      await showOne(name, how, facts, output);
      await output.flush();
      const meant = 'name' in name ? undefined : meantKey(name);
      if (meant !== undefined && !('name' in name))
        note(`ipctools: this is the ${name.kind} with id ${name.value}; ${meant}`);
      return EXIT.done;
    },
    ({ pid }) => exists(name, pid),
  );
}

function exists(name: ObjectName | PosixName, mountsOf: number): boolean {
  if ('name' in name) return findPosix(name, new Facts({ mountsOf }).posix.objects) !== undefined;
  const { kind, by, value } = name;
  if (kind !== 'queue') return findObject(name) !== undefined;
  return findTarget(by === 'key' ? { by, key: value } : { by, id: value }) !== undefined;
}
