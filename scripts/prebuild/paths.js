import { join, resolve } from 'node:path';

/** The root of the checkout. */
export const root = resolve(import.meta.dirname, '..', '..');

/** The package that ships the addons. */
export const home = join(root, 'packages', 'mq-native');

export const prebuilds = join(home, 'prebuilds');

/** The list of built addons, with a hash of their sources. */
export const manifestPath = join(prebuilds, 'manifest.json');

/** The path from which src/addon/load-addon.ts loads the addon of a target. */
export function addonOf(target) {
  return join(prebuilds, target, 'mq_native.node');
}
