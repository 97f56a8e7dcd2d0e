import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { comparable, releases, type Release } from './releases.js';
import {
  ours,
  play,
  theirs,
  type Command,
  type Outcome,
  type Program,
  type RunnableCommand,
  type TableName,
} from './scenes.js';

/** Commands that are played together: enough to save time, and few enough to be done long before a hang is suspected. */
const AT_ONCE = 20;

/** Command lines, one per line of the text, their words separated by blanks. */
export function lines(text: string): Command[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [program, ...words] = line.split(/ +/);
      return { line: [program as Program, ...words] };
    });
}

/** Checks that util-linux's programs and ours write the same, end the same and leave the same for commands that only look. */
export async function assertSameView(
  t: TestContext,
  table: TableName,
  commands: readonly Command[],
): Promise<void> {
  for (const chunk of chunks(commands)) {
    const [outcomes = []] = await play(t, [{ table, commands: chunk.flatMap(everybodys), looks: true }]);
    assertSame(chunk, outcomes);
  }
}

/** The same for commands that change something: each has a table of its own. */
export async function assertSameEffect(
  t: TestContext,
  table: TableName,
  commands: readonly Command[],
): Promise<void> {
  for (const chunk of chunks(commands)) {
    const scenes = chunk.flatMap(everybodys).map((command) => ({ table, commands: [command] }));
    const outcomes = await play(t, scenes);
    assertSame(
      chunk,
      outcomes.map(([outcome]) => outcome),
    );
  }
}

/** A command with our program, and with that of each release. */
function everybodys(command: Command): RunnableCommand[] {
  return [ours(command), ...releases.map((release) => theirs(command, release))];
}

function assertSame(commands: readonly Command[], outcomes: readonly (Outcome | undefined)[]): void {
  const each = 1 + releases.length;
  assert.equal(outcomes.length, commands.length * each);
  commands.forEach((command, index) => {
    const [our, ...theirOutcomes] = outcomes.slice(index * each, (index + 1) * each);
    releases.forEach((release, which) => {
      const their = theirOutcomes[which];
      assert.ok(our !== undefined && their !== undefined);
      assert.deepEqual(our, comparable(command, our, their, release), title(command, release));
    });
  });
}

function chunks(commands: readonly Command[]): Command[][] {
  const count = Math.ceil(commands.length / AT_ONCE);
  return Array.from({ length: count }, (_, index) => commands.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
}

function title(command: Command, { version }: Release): string {
  return `not the same as util-linux ${version / 100}: ${JSON.stringify(command)}`;
}
