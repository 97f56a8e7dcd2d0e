import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { runSnippet } from '../../helpers/node.js';
import { run } from '../../helpers/process.js';

/** For a test's `skip` option. Other dates know fewer conversions. */
export const skipWithoutGnuDate = String(spawnSync('date', ['--version']).stdout).includes('GNU')
  ? false
  : 'no GNU date';

/** What stands between patterns that are written together. */
const BETWEEN = '\u001f';

/** What date(1) writes of each moment, in seconds since the epoch with a fraction: a text for each pattern. */
export async function textsOfDate(
  t: TestContext,
  zone: string,
  moments: readonly string[],
  patterns: readonly string[],
): Promise<string[][]> {
  const { stdout, stderr } = await run(t, 'date', ['-f', '-', `+${patterns.join(BETWEEN)}${BETWEEN}`], {
    env: { TZ: zone, LC_ALL: 'C' },
    input: moments.map((moment) => `@${moment}\n`).join(''),
  });
  return texts(stdout, stderr, moments, patterns);
}

const OURS = `
  import { readFileSync } from 'node:fs';
  import { localZone, momentWriter } from '@timeq/time-client';
  const { moments, patterns, between } = JSON.parse(readFileSync(0, 'utf8'));
  const writers = await Promise.all(patterns.map((pattern) => momentWriter('+' + pattern, localZone())));
  process.stdout.write(moments.map((moment) => {
    const [seconds, fraction = ''] = moment.split('.');
    const ns = BigInt(seconds + fraction.padEnd(9, '0'));
    return writers.map((write) => write(ns) + between).join('') + '\\n';
  }).join(''));`;

/** What our own writers make of the same in the local zone of a process with this TZ. */
export async function textsOfOurs(
  t: TestContext,
  zone: string,
  moments: readonly string[],
  patterns: readonly string[],
): Promise<string[][]> {
  const { stdout, stderr } = await runSnippet(t, OURS, [], {
    env: { TZ: zone, LC_ALL: 'C' },
    input: JSON.stringify({ moments, patterns, between: BETWEEN }),
  });
  return texts(stdout, stderr, moments, patterns);
}

function texts(
  stdout: string,
  stderr: string,
  moments: readonly string[],
  patterns: readonly string[],
): string[][] {
  const pieces = stdout.split(BETWEEN);
  if (stderr !== '' || pieces.length !== moments.length * patterns.length + 1)
    throw new Error(stderr || stdout);
  return moments.map((_, row) =>
    // All but the first line begin with the newline that ends the one before.
    pieces
      .slice(row * patterns.length, (row + 1) * patterns.length)
      .map((text, column) => (row > 0 && column === 0 ? text.slice(1) : text)),
  );
}
