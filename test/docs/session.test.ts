import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { skipWithout } from '../helpers/foreign.js';
import { skipWithoutNamespaces } from '../helpers/namespace.js';
import { root, runNode } from '../helpers/node.js';

/** A picture's text, without the numbers that differ from run to run. */
function textOf(path: string): string {
  return (
    [...readFileSync(path, 'utf8').matchAll(/<text [^>]*>(.*)<\/text>/g)]
      .map(([, line = '']) => line.replace(/<[^>]*>/g, ''))
      .join(' ')
      .replace(/\d+/g, 'N')
      .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w+/g, 'DAY')
      // Longer pids leave less room for names.
      .replace(/\btime-[a-z]*…/g, 'time-server')
      .replace(/ +/g, ' ')
      .replace(/ [-?R] /g, ' ')
  );
}

test(
  'the session of the README prints what its picture shows',
  { skip: skipWithoutNamespaces() || skipWithoutCommands('script', 'bash') || skipWithout('perl') },
  async (t) => {
    const path = join(tmpdir(), `timeq-session-${process.pid}.svg`);
    t.after(() => rmSync(path, { force: true }));
    const { code, stderr } = await runNode(t, [`${root}docs/session/record.js`, path]);
    assert.equal(code, 0, stderr);
    assert.equal(textOf(path), textOf(`${root}docs/session/session.svg`));
  },
);
