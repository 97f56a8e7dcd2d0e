import type { KindName } from '../model/kind-names.js';
import type { Facts } from '../model/facts.js';
import { eachObject, listObjects, type IpcObject } from '../model/ipc-object.js';
import type { SemaphoreEvidence } from './evidence.js';
import { EvidenceGatherer } from './gather.js';
import { decidingRule, judge, type Judgement } from './judgement.js';
import { RULES, VERDICTS, type Criteria, type Verdict } from './rules.js';

/** Judges every object of those kinds; the stale ones come first. */
export function survey(kinds: readonly KindName[], criteria: Criteria, facts: Facts): Judgement[] {
  const gatherer = new EvidenceGatherer(facts);
  return listObjects(kinds)
    .map((object) => judge(gatherer.gather(object), criteria))
    .toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
}

/** A verdict without its reasons, which cost more than the verdict: for monitors that judge all objects again and again. */
interface ObjectVerdict {
  readonly object: IpcObject;
  readonly verdict: Verdict;
  /** What the semaphore beside a queue says. */
  readonly semaphore: SemaphoreEvidence;
}

/** The verdicts on all objects of those kinds, one after the other. */
export function* verdicts(
  kinds: readonly KindName[],
  criteria: Criteria,
  facts: Facts,
): Generator<ObjectVerdict> {
  const gatherer = new EvidenceGatherer(facts);
  for (const object of eachObject(kinds)) {
    const evidence = gatherer.gather(object);
    yield {
      object,
      verdict: decidingRule(evidence, criteria, RULES).rule.verdict,
      semaphore: evidence.semaphore,
    };
  }
}
