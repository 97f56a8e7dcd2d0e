#!/usr/bin/env node
const { existsSync } = require('node:fs');

const bundle = `${__dirname}/../build/main.cjs`;

async function run() {
  process.exitCode = await require(bundle).main(process.argv.slice(2));
}

// What ends without having said how has failed.
process.exitCode = 1;
if (existsSync(bundle)) void run();
else process.stderr.write('ipctools: not built yet; run `npm run build` in the root of the repository\n');
