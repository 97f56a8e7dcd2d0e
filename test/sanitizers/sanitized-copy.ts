import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/node.js';
import { buildScript, freshFolder } from './paths.js';
import { succeed } from './tools.js';

/**
 * A copy of the compiled packages with an addon built by other options, because the package itself has no switch
 * for loading another addon.
 * @returns its folder
 */
export async function copyWithAddon(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const copy = freshFolder(name);
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  cpSync(join(root, 'test', 'dist'), join(copy, 'test', 'dist'), { recursive: true });
  for (const folder of readdirSync(join(root, 'packages'))) {
    for (const part of ['package.json', 'dist', 'bin']) {
      const source = join(root, 'packages', folder, part);
      if (existsSync(source)) cpSync(source, join(copy, 'packages', folder, part), { recursive: true });
    }
  }
  linkModules(copy);
  const addon = join(copy, 'packages', 'mq-native', 'build', 'mq_native.node');
  await succeed('The build', process.execPath, [buildScript, '--output', addon], env);
  return copy;
}

/** Links the copies of the project's own packages; all others are shared. */
function linkModules(copy: string): void {
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@timeq'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name.startsWith('.') || name === '@timeq') continue;
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const folder of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', folder), join(modules, '@timeq', folder));
  }
}
