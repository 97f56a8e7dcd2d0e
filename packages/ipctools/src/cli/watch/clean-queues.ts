import { note } from '@timeq/cli-kit/output/notes';
import { pause } from '@timeq/cli-kit/prompts/confirm';
import { backupFrom, cleanStale } from '../../cleaning/clean.js';
import type { Criteria } from '../../evidence/rules.js';
import { nameObject, type IpcObject } from '../../model/ipc-object.js';
import { nameQueue } from '../../model/find-queue.js';
import { Owners } from '../../model/owners.js';
import { closingLines, stayLines } from '../../render/cleaning.js';
import { unknownLines } from '../../render/unknown.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import { chooseWithConsent } from '../choose-stale.js';
import { explain } from '../explain.js';
import { surveySettled } from '../survey-wanted.js';

/** The queues, by id, and the semaphore sets beside them, which prove what they are. */
function isWantedFor(queues: readonly WatchedQueue[]): (object: IpcObject) => boolean {
  const ids = new Set(queues.map(({ entry }) => entry.id));
  const keys = new Set(queues.map(({ entry }) => entry.key).filter((key) => key !== 0));
  return ({ kind, entry }) => (kind === 'queue' ? ids.has(entry.id) : keys.has(entry.key));
}

async function cleanNow(queues: readonly WatchedQueue[], criteria: Criteria): Promise<readonly string[]> {
  const found = await surveySettled({
    kinds: ['queues', 'semaphores'],
    criteria,
    owners: new Owners(),
    isWanted: isWantedFor(queues),
  });
  const { candidates, used, unknown, facts } = found;
  for (const { evidence, verdict, reasons } of used)
    note(`ipctools: ${nameObject(evidence.object)} stays: it is ${verdict}: ${reasons.join('; ')}`);
  for (const line of unknownLines(unknown)) note(line);
  const judged = [...candidates, ...used, ...unknown].map(({ evidence }) => evidence.object);
  const there = new Set(judged.filter(({ kind }) => kind === 'queue').map(({ entry }) => entry.id));
  for (const { entry } of queues) if (!there.has(entry.id)) note(`ipctools: ${nameQueue(entry)} is gone`);
  if (candidates.length === 0) return ['nothing is stale; nothing done'];
  const isTagged = ({ kind }: IpcObject): boolean => kind === 'queue';
  const chosen = await chooseWithConsent(candidates, facts, isTagged);
  const cleaning = cleanStale(chosen, criteria, backupFrom(undefined, 'clean'), facts);
  for (const line of stayLines(cleaning)) note(line);
  return closingLines(cleaning, { unknown: unknown.length });
}

/** Cleans queues as `ipctools clean` does, on the normal screen, until the user goes back. */
export async function cleanQueues(queues: readonly WatchedQueue[], criteria: Criteria): Promise<void> {
  try {
    for (const line of await cleanNow(queues, criteria)) note(line);
  } catch (error) {
    const failure = explain(error);
    if (failure === undefined) throw error;
    note(`ipctools: ${failure.message}`);
  }
  await pause('Enter goes back to the queues. ');
}
