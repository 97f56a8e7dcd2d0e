import { untilSettled } from '../cleaning/settled.js';
import type { Judgement } from '../evidence/judgement.js';
import type { Criteria } from '../evidence/rules.js';
import { survey } from '../evidence/survey.js';
import { Facts } from '../model/facts.js';
import type { IpcObject } from '../model/ipc-object.js';
import type { KindName } from '../model/kind-names.js';
import type { Owners } from '../model/owners.js';

/** What was judged, of the objects that were selected. */
export interface Survey {
  readonly facts: Facts;
  /** What is stale. */
  readonly candidates: readonly Judgement[];
  readonly unknown: readonly Judgement[];
  /** What is in use, or was lately. */
  readonly used: readonly Judgement[];
}

interface Wanted {
  readonly kinds: readonly KindName[];
  readonly criteria: Criteria;
  readonly owners: Owners;
  readonly isWanted: (object: IpcObject) => boolean;
}

/** Judges the selected objects. */
export function surveyWanted({ kinds, criteria, owners, isWanted }: Wanted): Survey {
  const facts = new Facts({ owners });
  const wanted = survey(kinds, criteria, facts).filter(({ evidence }) => isWanted(evidence.object));
  return {
    facts,
    candidates: wanted.filter(({ verdict }) => verdict === 'stale'),
    unknown: wanted.filter(({ verdict }) => verdict === 'unknown'),
    used: wanted.filter(({ verdict }) => verdict === 'live' || verdict === 'idle'),
  };
}

/** The same, so that every later use of what is stale changes one of its times. */
export async function surveySettled(wanted: Wanted): Promise<Survey> {
  const found = surveyWanted(wanted);
  const waited = await untilSettled(found.candidates.map(({ evidence }) => evidence.object));
  return waited ? surveyWanted(wanted) : found;
}
