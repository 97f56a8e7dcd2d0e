import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { skipOrFail } from './commands.js';

/** Debian's Chromium, or the one that another distribution has. */
function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** For a test's `skip` option: false if there is a Chromium, otherwise the reason; throws in CI. */
export function skipWithoutBrowser(): string | false {
  return findChromium() === undefined ? skipOrFail('Chromium is not installed (Debian: chromium)') : false;
}

/** Starts Chromium. It opens only pages of the tests, and its sandbox is missing in many containers. */
export async function startBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium');
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
