import { Rested } from '@timeq/cli-kit/metrics/rested';
import { escapeText } from '@timeq/cli-kit/text/escape';
import type { Changes, Look, Source } from '@timeq/console/source';
import type {
  Hello,
  OtherKind,
  OtherObjects,
  Overview,
  QueueView,
  TimeServers,
  Usage,
} from '@timeq/console/wire';
import { GoneError } from '@timeq/mq-native';
import type { Judgement } from '../../evidence/judgement.js';
import type { Criteria } from '../../evidence/rules.js';
import { survey } from '../../evidence/survey.js';
import { findTarget } from '../../model/find-queue.js';
import { Facts } from '../../model/facts.js';
import { readOverview } from '../../model/overview.js';
import { Sampler } from '../../watch/sampler.js';
import { describeContent } from '../../render/overview.js';
import { Hours } from './hours.js';
import { ObjectLists, posixUsage } from './other-objects.js';
import { viewQueue } from './queue-view.js';
import { Rows } from './rows.js';
import { LiveServers } from './time-servers.js';

/** How long a judgement of all objects stands, and what is known of one queue, in milliseconds. */
const JUDGED_FOR = 5000;
const VIEWED_FOR = 500;

/** How many queues that viewers look at are remembered. */
const MOST_VIEWED = 16;

interface Judgements {
  readonly ofQueues: ReadonlyMap<number, Judgement>;
  readonly stale: number;
  readonly servers: number;
}

/** The objects of this IPC namespace, for the page. */
export class LiveSource implements Source {
  readonly hello: Hello;
  readonly changes: Changes | undefined;
  readonly #criteria: Criteria;
  // The page draws a sparkline of what it was told, and an hour.
  readonly #sampler = new Sampler([], undefined, undefined, 1);
  readonly #hours = new Hours();
  readonly #rows = new Rows();
  readonly #views = new Map<number, Rested<QueueView | undefined>>();
  #facts = new Facts();
  readonly #judged: Rested<Judgements>;
  readonly #objects: ObjectLists;
  readonly #posix: Rested<Usage>;
  readonly #overview: Rested<Overview>;
  readonly #servers: LiveServers;

  constructor(hello: Hello, criteria: Criteria, changes: Changes | undefined) {
    this.hello = hello;
    this.changes = changes;
    this.#criteria = criteria;
    this.#judged = new Rested(() => this.#judgeAll(), JUDGED_FOR);
    this.#servers = new LiveServers(criteria);
    this.#objects = new ObjectLists(criteria, this.#facts.owners);
    this.#posix = new Rested(() => posixUsage(new Facts().posix), JUDGED_FOR);
    this.#overview = new Rested(() => this.#readOverview(), hello.interval / 2);
  }

  look(): Look {
    const sample = this.#sampler.sample();
    const { time, queues } = sample;
    this.#hours.add(sample);
    this.#facts = queues[0]?.facts ?? new Facts({ owners: this.#facts.owners });
    const { ofQueues, stale, servers } = this.#judged.get();
    return {
      time,
      queues: this.#rows.of(queues, ofQueues),
      overview: { ...this.#overview.get(), stale, servers },
    };
  }

  queue(id: number): QueueView | undefined {
    let view = this.#views.get(id);
    if (view === undefined) {
      const [oldest] = this.#views.keys();
      if (oldest !== undefined && this.#views.size >= MOST_VIEWED) this.#views.delete(oldest);
      view = new Rested(() => this.#view(id), VIEWED_FOR);
      this.#views.set(id, view);
    }
    return view.get();
  }

  objects(kind: OtherKind): OtherObjects {
    return this.#objects.of(kind);
  }

  servers(): Promise<TimeServers> {
    return this.#servers.read();
  }

  #view(id: number): QueueView | undefined {
    try {
      using queue = findTarget({ by: 'id', id });
      if (queue === undefined) return undefined;
      const facts = new Facts({ owners: this.#facts.owners });
      return { ...viewQueue(queue, facts, this.#criteria), hour: this.#hours.of(id) };
    } catch (error) {
      if (error instanceof GoneError) return undefined;
      throw error;
    }
  }

  #judgeAll(): Judgements {
    const judgements = survey(['queues', 'segments', 'semaphores'], this.#criteria, this.#facts);
    return {
      ofQueues: new Map(
        judgements
          .filter(({ evidence }) => evidence.object.kind === 'queue')
          .map((judgement) => [judgement.evidence.object.entry.id, judgement]),
      ),
      stale: judgements.filter(({ verdict }) => verdict === 'stale').length,
      servers: judgements.filter(
        ({ evidence: { object, semaphore } }) => object.kind === 'queue' && semaphore.state === 'held',
      ).length,
    };
  }

  #readOverview(): Overview {
    const { kinds, warnings, blockedKnown } = readOverview(this.#facts);
    return {
      usage: [
        ...kinds.map((kind) => ({
          name: kind.name,
          count: kind.count,
          limit: kind.limit,
          content: describeContent(kind),
        })),
        this.#posix.get(),
      ],
      warnings: warnings.map(({ code, sentence, queueId }) => ({
        code,
        sentence: escapeText(sentence),
        ...(queueId !== undefined && { queueId }),
      })),
      blockedKnown,
    };
  }
}
