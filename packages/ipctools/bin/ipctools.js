#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { basename } = require('node:path');

const bundle = `${__dirname}/../build/main.cjs`;

/** The arguments; by way of a link that is called ipcs, they begin with that. */
function words() {
  const [, called = '', ...rest] = process.argv;
  const name = basename(called);
  return ['ipcs', 'ipcrm', 'ipcmk', 'lsipc'].includes(name) ? [name, ...rest] : rest;
}

async function run() {
  try {
    process.exitCode = await require(bundle).main(words());
  } catch (error) {
    // Loading failed, most likely for want of the addon: its message says what to do.
    const next = error?.code === 'EMFILE' ? '; raise the limit with: ulimit -n 1024' : '';
    process.stderr.write(`ipctools: ${error instanceof Error ? error.message : String(error)}${next}\n`);
  }
}

// What ends without having said how has failed.
process.exitCode = 1;
if (existsSync(bundle)) void run();
else process.stderr.write('ipctools: not built yet; run "npm run build" in the root of the repository\n');
