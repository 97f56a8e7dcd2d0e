#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/command/main.js', import.meta.url);

if (!existsSync(main)) {
  console.error('time-server is not built yet: run "npm start" or "npm run build" in the root of the repo');
  process.exitCode = 1;
} else {
  try {
    const command = await import(main.href);
    process.exitCode = await command.main(process.argv.slice(2));
  } catch (error) {
    console.error(`time-server: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
