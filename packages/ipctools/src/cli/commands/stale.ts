import { jsonText } from '@timeq/cli-kit/text/escape';
import { wrap } from '@timeq/cli-kit/text/width';
import { readDuration } from '@timeq/cli-kit/args/duration';
import type { KindName } from '../../model/kind-names.js';
import { judgementColumns } from '../../render/judgement-columns.js';
import { NUMBERED_RULES, RULE_COLUMNS, ruleJson, ruleLines } from '../../render/rules.js';
import { judgementJson } from '../../render/judgement-json.js';
import { survey } from '../../evidence/survey.js';
import type { Criteria } from '../../evidence/rules.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { Facts } from '../../model/facts.js';
import { JsonLists } from '../../render/json-lists.js';
import { writeTable } from '../../render/table.js';
import { acrossNamespaces, type NamespaceOptions } from '../across-namespaces.js';
import { parseKindNames } from '../../model/kind-names.js';
import { noteGivenUp } from '../terminal/notes.js';
import { Output } from '../terminal/output.js';
import { screenOf } from '../terminal/screen.js';

export interface StaleOptions extends NamespaceOptions {
  readonly olderThan?: string;
  readonly assumeUnseenIdle?: true;
  readonly explain?: true;
  readonly json?: true;
}

/** Unused for less than this counts as in use, unless --older-than says otherwise. */
const USUAL_AGE = '1h';

/** What the options say about when something is stale. */
export function criteriaFrom({
  olderThan = USUAL_AGE,
  assumeUnseenIdle,
}: Pick<StaleOptions, 'olderThan' | 'assumeUnseenIdle'>): Criteria {
  return { olderThanSeconds: readDuration(olderThan) / 1000, assumeUnseenIdle };
}

async function explainRules(json: boolean): Promise<void> {
  const output = new Output();
  if (json) {
    const lists = new JsonLists(output);
    await lists.list(
      'rules',
      NUMBERED_RULES.map((rule) => jsonText(ruleJson(rule))),
    );
    await lists.end();
    return;
  }
  const screen = screenOf();
  await writeTable(ruleLines(screen.width), RULE_COLUMNS, { header: true, screen, output });
  const note = 'The first rule that holds decides. Only what is stale can be cleaned.';
  await output.write(`${wrap(note, screen.width).join('\n')}\n`);
  await output.flush();
}

async function judgeOne(
  kinds: readonly KindName[],
  criteria: Criteria,
  json: boolean,
  facts: Facts,
  output: Output,
): Promise<ExitCode> {
  const judgements = survey(kinds, criteria, facts);
  if (json) {
    const lists = new JsonLists(output);
    await lists.list(
      'objects',
      judgements.map((judgement) => jsonText(judgementJson(judgement))),
    );
    await lists.end();
    return EXIT.done;
  }
  const screen = screenOf();
  const givenUp = await writeTable(judgements, judgementColumns(facts), { header: true, screen, output });
  await output.flush();
  noteGivenUp(givenUp, screen);
  return EXIT.done;
}

export async function run(words: readonly string[], options: StaleOptions): Promise<ExitCode> {
  const kinds = parseKindNames(words);
  const criteria = criteriaFrom(options);
  const json = options.json === true;
  if (options.explain === true) {
    await explainRules(json);
    return EXIT.done;
  }
  const output = new Output();
  return acrossNamespaces(options, 'stale', output, (found) =>
    judgeOne(kinds, criteria, json, new Facts({ namespace: found?.namespace.link }), output),
  );
}
