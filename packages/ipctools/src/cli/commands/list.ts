import { readOwner } from '@timeq/cli-kit/args/owner';
import { userId } from '@timeq/mq-native/libc';
import { chooseColumns } from '../../render/columns/choose.js';
import { parseConditions } from '../../render/columns/filter.js';
import { POSIX, QUEUES, SEGMENTS, SEMAPHORES, type ObjectTable } from '../../render/columns/object-table.js';
import { sortEntries } from '../../render/columns/sort.js';
import { jsonTexts, writeEntries, writeRaw } from '../../render/columns/write.js';
import { Facts } from '../../model/facts.js';
import { didYouMean } from '@timeq/cli-kit/args/did-you-mean';
import { readPause } from '@timeq/cli-kit/args/duration';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { kindNamed, KINDS, OBJECTS_OF, type KindName } from '../../model/kind-names.js';
import { JsonLists } from '@timeq/cli-kit/output/json-lists';
import { acrossNamespaces, type NamespaceOptions } from '../across-namespaces.js';
import { TABLES } from '../../model/lists.js';
import { absences } from '../../model/posix/places.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';

interface ListOptions extends NamespaceOptions {
  readonly columns?: string;
  readonly sort?: string;
  readonly filter?: readonly string[];
  readonly owner?: string;
  readonly header: boolean;
  readonly raw?: true;
  readonly json?: true;
  readonly watch?: true;
  readonly interval?: string;
}

/** The three kinds of System V, and POSIX objects of all kinds. */
type ListName = KindName | 'posix';

/** The writer of one kind of objects; prepared, and so checked, for all kinds before the first is written. */
interface Listing {
  readonly name: ListName;
  write(heading: string): Promise<void>;
  writeJson(lists: JsonLists): Promise<void>;
}

function prepare<Entry extends { readonly uid: number }>(
  table: ObjectTable<Entry>,
  read: () => Iterable<Entry>,
  options: ListOptions,
  facts: Facts,
  output: Output,
): Listing {
  const columns = chooseColumns(table.columns, options.columns);
  const satisfies = parseConditions(options.filter ?? [], table.columns, facts);
  const owner = options.owner === undefined ? undefined : readOwner('user', options.owner, userId);
  sortEntries([], options.sort ?? '', table.columns, facts);
  const isWanted = (entry: Entry): boolean =>
    (owner === undefined || entry.uid === owner) && satisfies(entry);
  const chooses = (options.filter ?? options.owner) !== undefined;
  /** Kept only if they have to be chosen or sorted: keeping tens of thousands costs more than their table. */
  const entries = (): Iterable<Entry> => {
    if (!chooses && options.sort === undefined) return read();
    const kept = [...read()].filter(isWanted);
    if (options.sort !== undefined) sortEntries(kept, options.sort, table.columns, facts);
    return kept;
  };
  const empty = `no ${OBJECTS_OF[table.name]}${chooses ? ' match' : ''}`;
  return {
    name: table.name,
    async write(heading) {
      const { header } = options;
      if (heading !== '') await output.write(heading);
      if (options.raw === true) return writeRaw(entries(), columns, facts, { header, output });
      await writeEntries(entries(), columns, facts, { header, output, empty });
    },
    writeJson: (lists) =>
      lists.list(
        table.name,
        jsonTexts(entries(), options.columns === undefined ? table.columns : columns, facts),
      ),
  };
}

function parseKinds(words: readonly string[]): readonly ListName[] {
  const [word = 'queues', ...rest] = words;
  if (rest.length === 0 && word === 'posix') return ['posix'];
  const kind = kindNamed(word);
  if (rest.length === 0 && word === 'all') return KINDS;
  if (rest.length === 0 && kind !== undefined) return [kind];
  const hint = didYouMean(word, [...KINDS, 'posix', 'all']);
  throw new UsageError(`'${words.join(' ')}' can't be listed${hint}; use ${KINDS.join(', ')}, posix or all`);
}

async function listOne(
  kinds: readonly ListName[],
  options: ListOptions,
  facts: Facts,
  output: Output,
): Promise<number> {
  const listings = {
    queues: () => prepare(QUEUES, TABLES.queues, options, facts, output),
    segments: () => prepare(SEGMENTS, TABLES.segments, options, facts, output),
    semaphores: () => prepare(SEMAPHORES, TABLES.semaphores, options, facts, output),
    posix: () => prepare(POSIX, () => facts.posix.objects, options, facts, output),
  };
  const wanted = kinds.map((kind) => listings[kind]());
  const noteAbsences = (): void => {
    if (kinds.includes('posix'))
      for (const sentence of absences(facts.posix.places)) note(`ipctools: ${sentence}`);
  };
  if (options.json === true) {
    const lists = new JsonLists(output);
    for (const listing of wanted) await listing.writeJson(lists);
    await lists.end();
    noteAbsences();
    return EXIT.done;
  }
  for (const [index, listing] of wanted.entries()) {
    const separator = index === 0 ? '' : '\n';
    await listing.write(wanted.length === 1 || !options.header ? '' : `${separator}${listing.name}\n`);
  }
  await output.flush();
  noteAbsences();
  return EXIT.done;
}

/** With less, listing would be all that the machine does. */
const SHORTEST_INTERVAL = 50;

export async function run(words: readonly string[], options: ListOptions): Promise<number> {
  const kinds = parseKinds(words);
  const { watch, interval: every = '1s', json, raw } = options;
  if (watch !== true && options.interval !== undefined)
    throw new UsageError('--interval is the time between two lists of --watch');
  const interval = readPause(every, SHORTEST_INTERVAL);
  const write = (output: Output): Promise<number> =>
    acrossNamespaces(options, 'list', output, (found) =>
      listOne(kinds, options, new Facts({ namespace: found?.namespace.link, mountsOf: found?.pid }), output),
    );
  if (watch !== true) return await write(new Output());
  const { watchList } = await import('../watch/list-screen.js');
  return await watchList(write, { interval, json: json === true, raw: raw === true });
}
