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

/** The command lines with each way to write the output. */
export function inEachFormat(text: string): Command[] {
  const formats = ['', '-l', '-r', '-e', '-n', '-J', '-e -y', '-J -y', '--noheadings', '-r --noheadings'];
  return lines(text).flatMap((command) =>
    formats.map((format): Command => ({ line: [...command.line, ...format.split(' ').filter(Boolean)] })),
  );
}

/** Checks that util-linux's programs and ours write the same, end the same and leave the same for commands that only look. */
export async function assertSameView(
  t: TestContext,
  table: TableName,
  commands: readonly Command[],
  since = 0,
): Promise<void> {
  const among = releasesSince(since);
  for (const chunk of chunks(commands)) {
    const played = chunk.flatMap((command) => everybodys(command, among));
    const [outcomes = []] = await play(t, [{ table, commands: played, looks: true }]);
    assertSame(chunk, outcomes, among);
  }
}

/** The same for commands that change something: each has a table of its own. */
export async function assertSameEffect(
  t: TestContext,
  table: TableName,
  commands: readonly Command[],
  since = 0,
): Promise<void> {
  const among = releasesSince(since);
  for (const chunk of chunks(commands)) {
    const scenes = chunk
      .flatMap((command) => everybodys(command, among))
      .map((command) => ({ table, commands: [command] }));
    const outcomes = await play(t, scenes);
    assertSame(
      chunk,
      outcomes.map(([outcome]) => outcome),
      among,
    );
  }
}

function releasesSince(since: number): readonly Release[] {
  return releases.filter(({ version }) => version >= since);
}

/** A command with our program, and with that of each release. */
function everybodys(command: Command, among: readonly Release[]): RunnableCommand[] {
  return [ours(command), ...among.map((release) => theirs(command, release))];
}

function assertSame(
  commands: readonly Command[],
  outcomes: readonly (Outcome | undefined)[],
  among: readonly Release[],
): void {
  const each = 1 + among.length;
  assert.equal(outcomes.length, commands.length * each);
  commands.forEach((command, index) => {
    const [our, ...theirOutcomes] = outcomes.slice(index * each, (index + 1) * each);
    among.forEach((release, which) => {
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
