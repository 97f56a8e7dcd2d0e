import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { home, manifestPath } from './paths.js';

/** The content of prebuilds/manifest.json; undefined if nothing was built yet. */
export function readManifest() {
  try {
    return JSON.parse(readFileSync(manifestPath, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A hash of the C sources: an addon built from others must not be shipped. */
export function sourcesHash() {
  const folder = join(home, 'native');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).toSorted()) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(folder, name)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The line of the manifest for one addon. */
export function recordOf(addon) {
  const content = readFileSync(addon);
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}
