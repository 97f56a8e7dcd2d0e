import assert from 'node:assert/strict';
import test from 'node:test';
import { PROGRAM as timeqBridge } from '#bridge/cli/program';
import { PROGRAM as ipctools } from '#ipctools/cli/program';
import { PROGRAM as timeClient } from '#time-client/cli/program';
import { program as timeServer } from '#time-server/cli/program';
import { bin, runNode } from '../helpers/node.js';

const COMMANDS = [
  ['timeq-bridge', timeqBridge],
  ['ipctools', ipctools],
  ['time-client', timeClient],
  ['time-server', timeServer({})],
] as const;

for (const [command, { verbs, unnamed }] of COMMANDS) {
  test(`the help of ${command} tells the default of each option that has one`, async (t) => {
    for (const verb of [unnamed, ...verbs]) {
      const defaults = verb.options.flatMap(({ otherwise }) => otherwise ?? []);
      if (defaults.length === 0) continue;
      const words = verb === unnamed ? ['--help'] : [verb.name, '--help'];
      const help = (await runNode(t, [bin(command), ...words])).stdout.replace(/\s+/g, ' ');
      for (const text of defaults)
        assert.ok(help.includes(`default: ${text})`), `${words.join(' ')}: ${text}`);
    }
  });
}
