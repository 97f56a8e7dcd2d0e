#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);

if (existsSync(main)) {
  try {
    const { main: run } = await import(main.href);
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    // Only loading can fail here, most likely for want of the native addon, whose message says what to do.
    process.stderr.write(`time-client: ${error.message}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write('time-client: not built yet; run "npm run build" first\n');
  process.exitCode = 1;
}
