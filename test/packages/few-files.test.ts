import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { bin } from '../helpers/node.js';
import { run } from '../helpers/process.js';

/** With fewer open files, Node.js itself ends before it reads a command. */
const FEWEST = 18;
const ENOUGH = 32;

for (const command of ['time-server', 'time-client', 'ipctools', 'timeq-bridge'] as const) {
  test(
    `${command} works with few open files, or says in one sentence what to do`,
    { skip: skipWithoutCommands('prlimit') },
    async (t) => {
      const limits = [...Array.from({ length: 8 }, (_, index) => FEWEST + index), ENOUGH];
      for (const files of limits) {
        const { code, stdout, stderr } = await run(t, 'prlimit', [
          `--nofile=${files}:${files}`,
          process.execPath,
          bin(command),
          '--help',
        ]);
        // Node.js could not start, not read a package.json on the way to the command, or not open its file.
        if (code === null || code > 2 || /EMFILE.*\/bin\/|Cannot read package config/.test(stderr)) {
          assert.notEqual(files, ENOUGH, stderr);
        } else if (code === 0) {
          assert.match(stdout, /^Usage: /);
        } else {
          assert.match(
            stderr,
            /^[a-z-]+: EMFILE: too many open files, .*; raise the limit with: ulimit -n 1024\n$/,
          );
        }
      }
    },
  );
}
