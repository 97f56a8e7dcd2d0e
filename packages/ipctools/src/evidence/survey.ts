import type { KindName } from '../model/kind-names.js';
import type { Facts } from '../model/facts.js';
import { listObjects } from '../model/ipc-object.js';
import { EvidenceGatherer } from './gather.js';
import { judge, type Judgement } from './judgement.js';
import { VERDICTS, type Criteria } from './rules.js';

/** Judges every object of those kinds; the stale ones come first. */
export function survey(kinds: readonly KindName[], criteria: Criteria, facts: Facts): Judgement[] {
  const gatherer = new EvidenceGatherer(facts);
  return listObjects(kinds)
    .map((object) => judge(gatherer.gather(object), criteria))
    .toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
}
