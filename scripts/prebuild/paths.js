import { join, resolve } from 'node:path';

/** The root of the checkout. */
export const root = resolve(import.meta.dirname, '..', '..');

/** The package that ships the addons. */
export const home = join(root, 'packages', 'mq-native');

export const prebuilds = join(home, 'prebuilds');

/** What was built from which sources. */
export const manifestPath = join(prebuilds, 'manifest.json');

/** Where the package looks for the addon of a target: src/addon/load-addon.ts. */
export function addonOf(target) {
  return join(prebuilds, target, 'mq_native.node');
}
