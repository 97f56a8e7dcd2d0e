import { Rested } from '@timeq/cli-kit/metrics/rested';
import { escapeText } from '@timeq/cli-kit/text/escape';
import type { OtherKind, OtherObject, OtherObjects, Usage } from '@timeq/console/wire';
import { formatMode } from '@timeq/mq-native';
import type { Criteria } from '../../evidence/rules.js';
import { survey } from '../../evidence/survey.js';
import { formatCount } from '../../format/count.js';
import { Facts } from '../../model/facts.js';
import { nameObject, type IpcObject } from '../../model/ipc-object.js';
import type { Owners } from '../../model/owners.js';
import type { PosixFacts } from '../../model/posix/facts.js';
import { namePosix, POSIX_KINDS, type PosixObject } from '../../model/posix/objects.js';
import { absences } from '../../model/posix/places.js';
import { surveyPosix } from '../../posix/rules.js';
import { formatSize } from '../../render/bytes.js';

/** How long a list stands, in milliseconds. */
const LISTED_FOR = 1000;

/** How many objects are shown: the stale ones are first. */
const MOST_OBJECTS = 1000;

interface Judged<Object> {
  readonly evidence: { readonly object: Object };
  readonly verdict: OtherObject['verdict'];
  readonly reasons: readonly string[];
}

/** Segments, semaphore sets and POSIX objects, judged while a viewer looks at them. */
export class ObjectLists {
  readonly #lists: Readonly<Record<OtherKind, Rested<OtherObjects>>>;

  constructor(criteria: Criteria, owners: Owners) {
    const listed = (kind: 'segments' | 'semaphores'): Rested<OtherObjects> =>
      new Rested(() => {
        const show = (object: IpcObject): ShownObject => ({
          name: nameObject(object),
          content: describeContent(object),
          uid: object.entry.uid,
          mode: object.entry.mode,
        });
        return listOf(survey([kind], criteria, new Facts({ owners })), show, owners, []);
      }, LISTED_FOR);
    this.#lists = {
      segments: listed('segments'),
      semaphores: listed('semaphores'),
      posix: new Rested(() => {
        const facts = new Facts({ owners });
        const show = (object: PosixObject): ShownObject => ({
          name: namePosix(object),
          content: describePosix(object, facts.posix),
          uid: object.uid,
          mode: object.mode,
        });
        return listOf(surveyPosix(criteria, facts), show, owners, absences(facts.posix.places));
      }, LISTED_FOR),
    };
  }

  of(kind: OtherKind): OtherObjects {
    return this.#lists[kind].get();
  }
}

/** How many POSIX objects there are. */
export function posixUsage({ objects }: PosixFacts): Usage {
  const counts = POSIX_KINDS.map((kind) => ({
    noun: kind.slice('posix '.length),
    count: objects.filter((object) => object.kind === kind).length,
  })).filter(({ count }) => count > 0);
  return {
    name: 'posix',
    count: objects.length,
    content: counts.map(({ noun, count }) => formatCount(count, noun, plurals[noun])).join(', '),
  };
}

const plurals: Readonly<Record<string, string>> = { memory: 'memory' };

interface ShownObject {
  readonly name: string;
  readonly content: string;
  readonly uid: number;
  readonly mode: number;
}

function listOf<Object>(
  judgements: ReadonlyArray<Judged<Object>>,
  show: (object: Object) => ShownObject,
  owners: Owners,
  absent: readonly string[],
): OtherObjects {
  const objects = judgements.slice(0, MOST_OBJECTS).map(({ evidence, verdict, reasons }) => {
    const { name, content, uid, mode } = show(evidence.object);
    return {
      name: escapeText(name),
      owner: escapeText(owners.user(uid)),
      mode: formatMode(mode),
      content,
      verdict,
      reasons: reasons.map(escapeText).join('; '),
    };
  });
  return { objects, leftOut: judgements.length - objects.length, absent };
}

function describeContent({ kind, entry }: IpcObject): string {
  if (kind === 'semaphore set') return formatCount(entry.count, 'semaphore');
  if (kind === 'queue') return formatCount(entry.messages, 'message');
  return `${formatSize(entry.bytes)}, attached ${formatCount(entry.attachments, 'time')}`;
}

function describePosix(object: PosixObject, posix: PosixFacts): string {
  if (object.kind === 'posix memory') return formatSize(object.size);
  const queue = posix.queueOf(object);
  if (queue !== undefined) return `${queue.messages} of ${formatCount(queue.maxMessages, 'message')}`;
  const semaphore = posix.semaphoreOf(object);
  return semaphore === undefined ? '' : `value ${semaphore.value}, ${semaphore.waiting} waiting`;
}
