#!/usr/bin/env node
const { existsSync } = require('node:fs');

const bundle = `${__dirname}/../build/main.cjs`;

async function run() {
  try {
    process.exitCode = await require(bundle).main(process.argv.slice(2));
  } catch (error) {
    // Loading failed, most likely for want of the addon: its message says what to do.
    const next = error?.code === 'EMFILE' ? '; raise the limit with: ulimit -n 1024' : '';
    process.stderr.write(`time-server: ${error instanceof Error ? error.message : String(error)}${next}\n`);
  }
}

// What ends without having said how has failed.
process.exitCode = 1;
if (existsSync(bundle)) void run();
else process.stderr.write('time-server: not built yet; run "npm run build" in the root of the repository\n');
