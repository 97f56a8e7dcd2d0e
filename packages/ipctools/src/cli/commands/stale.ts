import { wrap } from '@timeq/cli-kit/text/width';
import { judgementColumns } from '../../render/judgement-columns.js';
import { posixJudgementColumns, posixJudgementJson } from '../../render/posix-judgement.js';
import { numbered, RULE_COLUMNS, ruleJson, ruleLines, type NumberedRule } from '../../render/rules.js';
import { judgementJson } from '../../render/judgement-json.js';
import { survey } from '../../evidence/survey.js';
import { RULES, type Criteria } from '../../evidence/rules.js';
import { POSIX_RULES, surveyPosix } from '../../posix/rules.js';
import { absences } from '../../model/posix/places.js';
import { note } from '@timeq/cli-kit/output/notes';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Facts } from '../../model/facts.js';
import { writeJsonList } from '@timeq/cli-kit/output/json-lists';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { acrossNamespaces, type NamespaceOptions } from '../across-namespaces.js';
import { criteriaFrom, type CriteriaOptions } from '../criteria.js';
import { OBJECTS_OF, parseKindNames, type KindName } from '../../model/kind-names.js';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';

interface StaleOptions extends NamespaceOptions, CriteriaOptions {
  readonly explain?: true;
  readonly json?: true;
}

async function explainRules(rules: readonly NumberedRule[], json: boolean): Promise<void> {
  const output = new Output();
  if (json) {
    await writeJsonList(output, 'rules', rules.map(ruleJson));
    return;
  }
  const { width } = screenOf();
  await writeTable(ruleLines(rules, width), RULE_COLUMNS, output);
  const footer = 'The first rule that holds decides. Only what is stale can be cleaned.';
  await output.write(`${wrap(footer, width).join('\n')}\n`);
  await output.flush();
}

async function judgeOne(
  kinds: readonly KindName[],
  criteria: Criteria,
  json: boolean,
  facts: Facts,
  output: Output,
): Promise<number> {
  const judgements = survey(kinds, criteria, facts);
  if (json) {
    await writeJsonList(output, 'objects', judgements.map(judgementJson));
    return EXIT.done;
  }
  const [only] = kinds;
  const empty = `no ${kinds.length === 1 && only !== undefined ? OBJECTS_OF[only] : 'objects'}`;
  await writeTable(judgements, judgementColumns(facts), output, { empty });
  await output.flush();
  return EXIT.done;
}

async function judgePosixOne(
  criteria: Criteria,
  json: boolean,
  facts: Facts,
  output: Output,
): Promise<number> {
  const judgements = surveyPosix(criteria, facts);
  if (json) await writeJsonList(output, 'objects', judgements.map(posixJudgementJson));
  else
    await writeTable(judgements, posixJudgementColumns(facts), output, { empty: `no ${OBJECTS_OF.posix}` });
  await output.flush();
  for (const sentence of absences(facts.posix.places)) note(`ipctools: ${sentence}`);
  return EXIT.done;
}

export async function run(words: readonly string[], options: StaleOptions): Promise<number> {
  const posix = words.length === 1 && words[0] === 'posix';
  const kinds = posix ? [] : parseKindNames(words);
  const criteria = criteriaFrom(options);
  const json = options.json === true;
  if (options.explain === true) {
    await explainRules(numbered(posix ? POSIX_RULES : RULES), json);
    return EXIT.done;
  }
  const output = new Output();
  return acrossNamespaces(options, 'stale', output, (found) => {
    const facts = new Facts({ namespace: found?.namespace.link, mountsOf: found?.pid });
    return posix
      ? judgePosixOne(criteria, json, facts, output)
      : judgeOne(kinds, criteria, json, facts, output);
  });
}
