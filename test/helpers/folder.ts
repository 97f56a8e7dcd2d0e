import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from './cleanup.js';

/** An empty folder, which is deleted when the test ends. Its path has a space, as the path of a checkout may. */
export function temporaryFolder(t: TestContext, prefix = 'timeq test-'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
