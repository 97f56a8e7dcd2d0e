import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { smallCheckout, write } from '../scripts/checkout.js';
import { root } from '../helpers/node.js';
import { checkMutations, missingPlaces, NoStart } from './check-mutations.js';
import { modules } from './modules.js';
import { tasksOf, type Mutation } from './mutation.js';
import { complaints, summary, type Outcome } from './outcome.js';
import { parsePart, takePart } from './part.js';

const source = `export const greeting: string = 'hello';
export function add(a: number, b: number): number {
  return a + b;
}
export function soon(): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, 1); });
}
`;

const tests = `import assert from 'node:assert/strict';
import test from 'node:test';
import { add, soon } from '@timeq/mq-native';
test('one and two are three', () => assert.equal(add(1, 2), 3));
test('soon is soon', { timeout: 10_000 }, async () => { await soon(); });
`;

const file = 'packages/mq-native/src/index.ts';
const usual = { file, tests: ['sums'], runsCommands: false };
const caught: Mutation = { ...usual, what: 'it subtracts', find: 'a + b', replace: 'a - b' };
const unnoticed: Mutation = { ...usual, what: 'it says goodbye', find: "'hello'", replace: "'goodbye'" };
const hung: Mutation = {
  ...usual,
  what: 'it never comes',
  find: 'setTimeout(resolve, 1)',
  replace: 'setInterval(() => resolve, 1)',
};
const wrong: Mutation = { ...usual, what: 'it is no program', find: 'return a + b', replace: 'return a +' };

/** A small checkout, as built. */
function checkout(t: TestContext): string {
  const folder = smallCheckout(t);
  writeSource(folder, source);
  write(folder, 'test/sums.test.ts', tests);
  write(folder, 'test/dist/sums.test.js', tests);
  mkdirSync(join(folder, 'node_modules/@timeq'));
  symlinkSync(join(folder, 'packages/mq-native'), join(folder, 'node_modules/@timeq/mq-native'));
  return folder;
}

const stripTypes = (text: string): string => text.replaceAll(/: (?:string|number|Promise<void>)/g, '');

function writeSource(folder: string, text: string): void {
  write(folder, file, text);
  write(folder, 'packages/mq-native/dist/index.js', stripTypes(text));
}

async function check(folder: string, ...mutations: Mutation[]): Promise<Outcome[]> {
  const tasks = tasksOf([{ name: 'sums', mutations }]);
  const outcomes: Outcome[] = [];
  for await (const outcome of checkMutations(folder, tasks)) outcomes.push(outcome);
  return outcomes;
}

test('a mutation is caught, survives, hangs or does not compile, and the checkout stays unchanged', async (t) => {
  const folder = checkout(t);
  const outcomes = await check(folder, caught, unnoticed, hung, wrong, caught);
  assert.deepEqual(
    outcomes.map(({ verdict }) => verdict.kind),
    ['failed', 'passed', 'hung', 'broken', 'failed'],
  );
  const [first] = outcomes;
  assert.equal(first?.verdict.kind === 'failed' && first.verdict.by.name, 'one and two are three');
  assert.equal(readFileSync(join(folder, file), 'utf8'), source);
});

test('commands are bundled with a mistake in what they are made of, and without it afterwards', async (t) => {
  const folder = checkout(t);
  const home = 'packages/time-server';
  const main = "export function main() { return 'hello'; }\n";
  write(folder, `${home}/package.json`, '{ "name": "@timeq/time-server", "type": "module" }\n');
  write(folder, `${home}/src/cli/main.ts`, main);
  write(folder, `${home}/dist/cli/main.js`, main);
  write(folder, `${home}/build/main.cjs`, "exports.main = () => 'hello';\n");
  write(
    folder,
    'test/dist/sums.test.js',
    `import assert from 'node:assert/strict';
    import test from 'node:test';
    import { add } from '@timeq/mq-native';
    import command from '../../${home}/build/main.cjs';
    test('the command says hello', () => assert.equal(command.main(), 'hello'));
    test('one and two are three', () => assert.equal(add(1, 2), 3));`,
  );
  const said: Mutation = { ...unnoticed, file: `${home}/src/cli/main.ts`, runsCommands: true };
  const outcomes = await check(folder, said, unnoticed, { ...unnoticed, runsCommands: true }, caught);
  assert.deepEqual(
    outcomes.map(({ verdict }) => verdict.kind),
    ['failed', 'passed', 'passed', 'failed'],
  );
});

test('a mutation whose place is missing or occurs twice is reported before any test runs', async (t) => {
  const folder = checkout(t);
  const gone = { ...caught, find: 'a * b' };
  const twice = { ...caught, find: 'export function' };
  await assert.rejects(check(folder, gone, twice), (error: Error) => {
    assert.ok(error instanceof NoStart);
    assert.deepEqual(error.message.split('\n'), [
      `${file}: the place of a mutation is gone: a * b`,
      `${file}: the place of a mutation is there 2 times: export function`,
    ]);
    return true;
  });
});

const testFiles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.test.ts') && !path.startsWith('dist'),
);

/** The sources of the tests that a word selects. */
function testsWith(word: string): string[] {
  return testFiles
    .filter((path) => path.replace(/ts$/, 'js').includes(word))
    .map((path) => join(root, 'test', path));
}

test('every listed mutation has its place in the source, and existing tests', () => {
  const tasks = tasksOf(modules);
  assert.deepEqual(missingPlaces(root, tasks), []);
  const words = tasks.flatMap((task) => task.tests);
  assert.deepEqual(
    words.filter((word) => testsWith(word).length === 0),
    [],
  );
});

/** The text of a test and of the files that it imports by a relative path. */
function textsOf(path: string, seen = new Set<string>()): string {
  if (seen.has(path) || !existsSync(path)) return '';
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/ from '(\.[^']+)\.js'/g)].map(([, from = '']) =>
    join(path, '..', `${from}.ts`),
  );
  return text + imported.map((each) => textsOf(each, seen)).join('');
}

test('a mutation that the commands are not bundled with is in code that its tests load themselves', () => {
  for (const { module, what, file: place, tests: words, runsCommands } of tasksOf(modules)) {
    const [, name] = /^packages\/([^/]+)\/src/.exec(place) ?? [];
    if (runsCommands || name === undefined) continue;
    const loads = new RegExp(`#${name}/|@timeq/${name}\\b|packages/${name}/dist|/${name}/dist`);
    const texts = words.flatMap((word) => testsWith(word)).map((path) => textsOf(path));
    assert.match(texts.join(''), loads, `${module}: ${what}: use inCommand`);
  }
});

test('README.md lists each module with the number of its mutations', () => {
  const text = readFileSync(join(root, 'test/mutants/README.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| +(\d+) \|/gm)].map(
    ([, name, count]) => `${name}: ${count}`,
  );
  const counts = modules.map(({ name, mutations }) => `${name}: ${mutations.length}`);
  assert.deepEqual(rows.toSorted(), counts.toSorted());
});

test('tests that fail without a mutation are reported as unusable', async (t) => {
  const folder = checkout(t);
  writeSource(folder, source.replace('a + b', 'a + b + 1'));
  await assert.rejects(
    check(folder, unnoticed),
    /do not pass without a mistake: "one and two are three" fails/,
  );
});

function outcomeOf(mutation: Mutation, kind: 'passed' | 'failed' | 'hung'): Outcome {
  const verdict = kind === 'failed' ? { kind, by: { name: 'x', message: 'x', hung: false } } : { kind };
  return { task: { ...mutation, module: 'sums' }, verdict, seconds: 1 };
}

test('a mutation that survives or hangs needs a reason, and nine of ten must be caught', () => {
  const explained = { ...unnoticed, accepted: 'no program reads it' };
  const nine = Array.from({ length: 9 }, () => outcomeOf(caught, 'failed'));
  const complain = (...outcomes: Outcome[]): string[] =>
    complaints(outcomes, [{ name: 'sums', mutations: outcomes.map(({ task }) => task) }]);
  assert.deepEqual(complain(...nine, outcomeOf(explained, 'passed')), []);
  assert.deepEqual(complain(...nine, outcomeOf(unnoticed, 'passed')), [`survived: ${file}: it says goodbye`]);
  assert.deepEqual(complain(...nine, outcomeOf(hung, 'hung')), [`hung: ${file}: it never comes`]);
  assert.deepEqual(complain(...nine.slice(1), outcomeOf(explained, 'passed')), [
    'sums: less than 90 % caught',
  ]);
  assert.deepEqual(summary([...nine, outcomeOf(explained, 'passed')]), [
    'sums         9 caught, 1 survived, 0 hung (1 accepted): 90 %',
  ]);
});

test('all parts together have each mutation once', () => {
  const things = Array.from({ length: 23 }, (_, index) => index);
  const parts = [1, 2, 3, 4, 5].map((number) => takePart(things, { number, of: 5 }));
  assert.deepEqual(parts.flat(), things);
  assert.deepEqual(parsePart('3/10'), { number: 3, of: 10 });
  for (const text of ['', '0/3', '4/3', '1/0', '1', '1/2/3', 'x/y'])
    assert.equal(parsePart(text), undefined, text);
});
