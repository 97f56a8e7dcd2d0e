import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { ours, play, theirs, type Command, type Program, type TableName } from './scenes.js';

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
    const both = chunk.flatMap((command) => [theirs(command), ours(command)]);
    const [outcomes = []] = await play(t, [{ table, commands: both, looks: true }]);
    assert.equal(outcomes.length, both.length);
    chunk.forEach((command, index) =>
      assert.deepEqual(outcomes[2 * index + 1], outcomes[2 * index], title(command)),
    );
  }
}

/** The same for commands that change something: each has a table of its own. */
export async function assertSameEffect(
  t: TestContext,
  table: TableName,
  commands: readonly Command[],
): Promise<void> {
  for (const chunk of chunks(commands)) {
    const scenes = chunk.flatMap((command) => [
      { table, commands: [theirs(command)] },
      { table, commands: [ours(command)] },
    ]);
    const outcomes = await play(t, scenes);
    assert.equal(outcomes.length, scenes.length);
    chunk.forEach((command, index) =>
      assert.deepEqual(outcomes[2 * index + 1], outcomes[2 * index], title(command)),
    );
  }
}

function chunks(commands: readonly Command[]): Command[][] {
  const count = Math.ceil(commands.length / AT_ONCE);
  return Array.from({ length: count }, (_, index) => commands.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
}

function title(command: Command): string {
  return `not the same: ${JSON.stringify(command)}`;
}
